import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { JOB_KIND, splitInstanceId } from './instance-kinds.js';
import { jobStateNow } from './jobs/job-state.js';
import type { InstanceSummary } from './list-instances.js';
import { queryStatus } from './read-instance.js';
import { callServer } from './server-call.js';
import { isJobOver, type JobState } from '../../core/jobs/events.js';
import type { State } from '../../core/states.js';

/** Signals that people and watchers send. */
export const SIGNALS = [
  'stop',
  'pause',
  'resume',
  'retry',
  'hdmiRestored',
  'hdmiLost',
  'fetchNow',
  'resetBreaker',
] as const;

export type SignalName = (typeof SIGNALS)[number];

/** What became of a message. */
export interface Sent {
  readonly id: string;
  /** State after the message, or null when no worker answers yet: it takes effect when one is back. */
  readonly state: State | JobState | null;
  readonly detail: string;
}

/** A query right after a signal sees its effect, so that the answer can be shown; waiting longer is not worth it. */
export const EFFECT_DEADLINE_MS = 3_000;

/**
 * Sends a signal and reads the state that follows from it.
 * @throws {HoldfastError} `not_running` when the workflow is closed, `rejected` for a job, which can only be stopped.
 */
export async function sendSignal(
  client: Client,
  reference: string,
  name: SignalName,
  payload: readonly unknown[] = [],
): Promise<Sent> {
  const instance = await findInstance(client, reference);
  if (instance.kind === JOB_KIND && name !== 'stop') throw notForJobs(instance.id, name);
  if (!instance.open) throw notRunning(instance);
  try {
    await callServer(client, `send ${name} to ${instance.id}`, () =>
      client.workflow.getHandle(instance.id).signal(name, ...payload),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notRunning(instance);
    throw error;
  }
  return stateAfter(client, instance.id);
}

/** Sends an update and waits until the workflow has taken or rejected it. */
export async function sendUpdate<Result>(
  client: Client,
  id: string,
  name: 'reconfigure' | 'addOutput' | 'removeOutput' | 'resumeOutput',
  argument: unknown,
): Promise<Result> {
  try {
    return await callServer(client, `${name} ${id}`, () =>
      client.workflow.getHandle(id).executeUpdate<Result, [unknown]>(name, { args: [argument] }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      throw new HoldfastError('not_running', `${id} is not running`, { cause: error });
    }
    throw error;
  }
}

/** The state that a message has led to. */
export async function stateAfter(client: Client, id: string): Promise<Sent> {
  if (splitInstanceId(id).kind === JOB_KIND) return await jobAfterStop(client, id);
  const { status } = await queryStatus(client, id, EFFECT_DEADLINE_MS);
  return { id, state: status?.state ?? null, detail: status?.detail ?? '' };
}

/** The only message that a job takes is to end. */
async function jobAfterStop(client: Client, id: string): Promise<Sent> {
  const state = await jobStateNow(client, id);
  return { id, state, detail: state === null || isJobOver(state) ? '' : 'cancelling' };
}

function notForJobs(id: string, name: SignalName): HoldfastError {
  const can = `\`holdfast stop ${id}\` ends it, \`holdfast watch ${id}\` follows it`;
  return new HoldfastError('rejected', `${id} is a job, which takes no ${name}; ${can}`);
}

/** The instance is closed: nothing can be asked of it but to be started again. */
export function notRunning(instance: InstanceSummary): HoldfastError {
  const ended = instance.closedAt === null ? '' : ` since ${instance.closedAt}`;
  return new HoldfastError(
    'not_running',
    `${instance.id} is not running (${instance.state}${ended}); \`holdfast retry ${instance.id}\` starts it again`,
  );
}
