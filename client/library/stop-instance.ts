import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { JobState } from '../../core/jobs/events.js';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { JOB_KIND } from './instance-kinds.js';
import type { InstanceSummary } from './list-instances.js';
import { sendSignal, type Sent } from './messages.js';
import { callServer } from './server-call.js';

export interface StopOptions {
  /** Return only when the workflow has completed. Default false. */
  readonly wait?: boolean;
  /** Longest wait in milliseconds. Default two minutes: the stop ladder needs seconds, a host that is away needs longer. */
  readonly timeoutMs?: number;
}

export interface Stopped extends Sent {
  /** It was not running any more. */
  readonly alreadyStopped: boolean;
  /** What the workflow returned, when we waited for it. */
  readonly summary: unknown;
  /** Why it failed instead of completing, when we waited for it. */
  readonly failure: string | null;
}

const WAIT_DEFAULT_MS = 120_000;

/** Stops an instance, or cancels a job. Stopping what is stopped already is no error. */
export async function stopInstance(
  client: Client,
  reference: string,
  options: StopOptions = {},
): Promise<Stopped> {
  const instance = await findInstance(client, reference);
  let sent: Sent = { id: instance.id, state: await indexedState(client, instance), detail: '' };
  if (instance.open) {
    try {
      sent = await sendSignal(client, instance.id, 'stop');
    } catch (error) {
      // It may have ended by itself between our two questions; that is what was wanted.
      if (!(error instanceof HoldfastError && error.code === 'not_running')) throw error;
    }
  }
  const ended = { ...sent, alreadyStopped: !instance.open, summary: null, failure: null };
  if (options.wait !== true) return ended;
  return { ...ended, ...(await waitForEnd(client, instance, options.timeoutMs ?? WAIT_DEFAULT_MS)) };
}

/** The index has states of instances only: how a job that is over has ended, its workflow says. */
async function indexedState(client: Client, instance: InstanceSummary): Promise<Stopped['state']> {
  if (instance.kind !== JOB_KIND || instance.open) return instance.state;
  return (await waitForEnd(client, instance, WAIT_DEFAULT_MS)).state;
}

type End = Pick<Stopped, 'state' | 'summary' | 'failure'>;

async function waitForEnd(client: Client, { id, kind }: InstanceSummary, timeoutMs: number): Promise<End> {
  const isJob = kind === JOB_KIND;
  try {
    const summary: unknown = await callServer(
      client,
      `wait for ${id}`,
      () => client.workflow.getHandle(id).result(),
      timeoutMs,
    );
    return { state: isJob ? jobStateOf(summary) : 'stopped', summary: summary ?? null, failure: null };
  } catch (error) {
    if (error instanceof WorkflowFailedError) {
      const failure = error.cause?.message ?? error.message;
      return { state: isJob ? 'failed' : 'error', summary: null, failure };
    }
    if (error instanceof WorkflowNotFoundError) return { state: 'stopped', summary: null, failure: null };
    if (error instanceof HoldfastError && error.code === 'timed_out') {
      const seconds = Math.round(timeoutMs / 1_000);
      throw new HoldfastError(
        'timed_out',
        `${id} has not stopped within ${seconds} s; it will as soon as a worker of its host is back`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** The summary of a job that has not failed says whether it was cancelled in time. */
function jobStateOf(summary: unknown): JobState {
  const { status } = (summary ?? {}) as { readonly status?: unknown };
  return status === 'cancelled' ? 'cancelled' : 'completed';
}
