import type { Client } from '@temporalio/client';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { JOB_KIND } from './instance-kinds.js';
import type { JobPlaces } from './jobs/deps.js';
import { retryJob } from './jobs/retry-job.js';
import { notRunning, sendSignal, stateAfter, type Sent } from './messages.js';
import { queryStatus } from './read-instance.js';
import { inputOf, startInstance } from './start-instance.js';

/** What became of a retry. */
export interface Retried extends Sent {
  /** It was closed, and a new execution was started. */
  readonly startedAgain: boolean;
}

/**
 * Tries again at once: a living instance, or only its branch of that name, from whatever it waits for; a closed one by
 * starting it again with the config it had last, and a job that has not come to a good end with its own parameters.
 */
export async function retryInstance(places: JobPlaces, reference: string, branch?: string): Promise<Retried> {
  const { client } = places;
  const instance = await findInstance(client, reference);
  if (instance.kind === JOB_KIND) return retryJob(places, instance, branch);
  if (instance.open) {
    if (branch !== undefined) await checkBranch(client, instance.id, branch);
    const payload = branch === undefined ? [] : [branch];
    return { ...(await sendSignal(client, instance.id, 'retry', payload)), startedAgain: false };
  }
  if (branch !== undefined) throw notRunning(instance);
  const config = await lastConfig(client, instance.id, instance.runId);
  const startedAgain = await startInstance(client, { kind: instance.kind, name: instance.name, config });
  return { ...(await stateAfter(client, instance.id)), startedAgain };
}

/** A signal cannot be refused, so a name that is wrong is said before it is sent. Without a worker nothing is known. */
async function checkBranch(client: Client, id: string, branch: string): Promise<void> {
  const { status } = await queryStatus(client, id);
  const names = status?.branches.map(({ name }) => name) ?? [branch];
  if (names.includes(branch)) return;
  throw new HoldfastError('invalid_input', `${id} has no branch ${branch}; it has ${names.join(', ')}`);
}

/** The config that a closed execution had last: as it says itself, otherwise the one it was started with. */
async function lastConfig(client: Client, id: string, runId: string): Promise<unknown> {
  const { status } = await queryStatus(client, id);
  if (status !== null) return status.config;
  return inputOf(client, id, runId);
}
