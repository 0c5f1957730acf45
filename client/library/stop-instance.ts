import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
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

/** Stops an instance. Stopping what is stopped already is no error. */
export async function stopInstance(
  client: Client,
  reference: string,
  options: StopOptions = {},
): Promise<Stopped> {
  const instance = await findInstance(client, reference);
  let sent: Sent = { id: instance.id, state: instance.state, detail: '' };
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
  return { ...ended, ...(await waitForEnd(client, instance.id, options.timeoutMs ?? WAIT_DEFAULT_MS)) };
}

type End = Pick<Stopped, 'state' | 'summary' | 'failure'>;

async function waitForEnd(client: Client, id: string, timeoutMs: number): Promise<End> {
  try {
    const summary: unknown = await callServer(
      client,
      `wait for ${id}`,
      () => client.workflow.getHandle(id).result(),
      timeoutMs,
    );
    return { state: 'stopped', summary: summary ?? null, failure: null };
  } catch (error) {
    if (error instanceof WorkflowFailedError) {
      return { state: 'error', summary: null, failure: error.cause?.message ?? error.message };
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
