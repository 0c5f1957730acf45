import { parseInstanceInput } from '../../../core/config/instance.js';
import {
  JOB_EVENTS_KEPT,
  startedAgain,
  viewOfCarried,
  type CarriedJob,
  type JobView,
} from '../../../core/jobs/index.js';
import { HoldfastError } from '../errors.js';
import type { InstanceSummary } from '../list-instances.js';
import type { Retried } from '../retry-instance.js';
import { inputOf } from '../start-instance.js';
import type { JobPlaces } from './deps.js';
import { jobStateNow } from './job-state.js';
import { readJob, unknownJob } from './read-job.js';
import { startWorkflow, type WrittenEntry } from './start-job.js';

/** Beyond every event: only the job itself is asked for. */
const NO_EVENTS = Number.MAX_SAFE_INTEGER;

/**
 * Starts a job again that has failed or was cancelled or terminated, from its first step, with what it was asked for with.
 * @throws {HoldfastError} `rejected` for one that runs or has completed
 */
export async function retryJob(
  places: JobPlaces,
  { id, open, runId }: InstanceSummary,
  branch?: string,
): Promise<Retried> {
  const { client } = places;
  if (branch !== undefined) throw new HoldfastError('rejected', `${id} is a job: it has no branch ${branch}`);
  if (open) {
    const reason = 'a step that fails is tried again by itself';
    throw new HoldfastError('rejected', `${id} is not over: ${reason}; \`holdfast stop ${id}\` ends it`);
  }
  const { view, lastOffset } = await readEnded(places, id);
  if (view.status === 'completed') {
    throw new HoldfastError('rejected', `${id} has completed; ask for it again with another key`);
  }
  const entry = checkedInput(id, await inputOf(client, id, runId));
  const carried = startedAgain(view, lastOffset, new Date().toISOString());
  const isStarted = await startWorkflow(client, id, entry, carried);
  if (isStarted) await tellStore(places, view, carried);
  const state = (await jobStateNow(client, id)) ?? 'pending';
  return { id, state, detail: isStarted ? 'started again' : '', startedAgain: isStarted };
}

interface EndedJob {
  readonly view: JobView;
  /** The last one that anybody can have seen. */
  readonly lastOffset: number;
}

async function readEnded(places: JobPlaces, id: string): Promise<EndedJob> {
  try {
    const reading = await readJob(places, id, NO_EVENTS, 'workflow');
    if (reading === null) throw unknownJob(id);
    return { view: reading.view, lastOffset: reading.view.lastOffset };
  } catch (error) {
    if (places.store === undefined) throw error;
    const reading = await readJob(places, id, NO_EVENTS, 'store');
    if (reading === null) throw error;
    // What the store has not heard, a follower may have: the log goes on behind all that there can have been.
    return { view: reading.view, lastOffset: reading.view.lastOffset + JOB_EVENTS_KEPT };
  }
}

function checkedInput(id: string, input: unknown): WrittenEntry {
  const parsed = parseInstanceInput('job', input);
  if ('error' in parsed)
    throw new HoldfastError('rejected', `${id} cannot be started again: ${parsed.error}`);
  return input as WrittenEntry;
}

/** Otherwise the store would know the former end until the workflow tells it of the new beginning. */
async function tellStore({ store }: JobPlaces, view: JobView, carried: CarriedJob): Promise<void> {
  await store?.save(viewOfCarried(view, carried), carried.events).catch(() => undefined);
}
