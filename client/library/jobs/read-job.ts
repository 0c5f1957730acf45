import {
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { isJobOver } from '../../../core/jobs/index.js';
import { HoldfastError } from '../errors.js';
import { callServer } from '../server-call.js';
import type { JobPlaces } from './deps.js';
import { askAnyJob, askOpenJob } from './open-query.js';
import type { JobPlace, JobReading } from './source.js';
import { jobFromItsStart, withItsEnd } from './unreadable-job.js';

/** Followers ask again soon: rather the other place than a long wait. */
const DESCRIBE_DEADLINE_MS = 3_000;

/** Reads a job from the preferred place; see `JobSource`. */
export async function readJob(
  places: JobPlaces,
  id: string,
  afterOffset: number,
  prefer: JobPlace,
): Promise<JobReading | null> {
  return prefer === 'workflow' ? fromWorkflow(places, id, afterOffset) : fromStore(places, id, afterOffset);
}

async function fromWorkflow(places: JobPlaces, id: string, after: number): Promise<JobReading | null> {
  const { client } = places;
  try {
    const answer = await askOpenJob(client, id, after);
    return answer === null ? await ofClosed(places, id, after) : { ...answer, from: 'workflow' };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return await readStore(places, id, after);
  }
}

/** The store needs no worker. What it has not heard to the end, the workflow knows. */
async function ofClosed(places: JobPlaces, id: string, after: number): Promise<JobReading | null> {
  const stored = await readStore(places, id, after).catch(() => null);
  if (stored !== null && isJobOver(stored.view.status)) return stored;
  const description = await describe(places, id);
  if (description === null) return stored;
  const answer = await askAnyJob(places.client, id, after).catch(async (error: unknown) => {
    // A job that was not valid has never said a word.
    if (!(error instanceof QueryNotRegisteredError)) throw error;
    return stored ?? (await jobFromItsStart(places.client, id, after, description));
  });
  return { ...(await withItsEnd(places.client, answer, after, description)), from: 'workflow' };
}

async function fromStore(places: JobPlaces, id: string, after: number): Promise<JobReading | null> {
  const stored = await readStore(places, id, after);
  if (stored !== null && isJobOver(stored.view.status)) return stored;
  const description = await describe(places, id).catch((error: unknown) => {
    // The store alone says enough of a job that it knows.
    if (stored === null) throw error;
    return null;
  });
  if (description === null) return stored;
  const answer = stored ?? (await jobFromItsStart(places.client, id, after, description));
  return { ...(await withItsEnd(places.client, answer, after, description)), from: 'store' };
}

async function readStore({ store }: JobPlaces, id: string, after: number): Promise<JobReading | null> {
  const stored = await store?.read(id, after);
  return stored == null ? null : { ...stored, from: 'store' };
}

/** Null when the server does not know the job, or no longer. */
async function describe({ client }: JobPlaces, id: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await callServer(
      client,
      `describe ${id}`,
      () => client.workflow.getHandle(id).describe(),
      DESCRIBE_DEADLINE_MS,
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** A job, from wherever it can be read: the workflow, otherwise the store. */
export async function readJobAnywhere(
  places: JobPlaces,
  id: string,
  afterOffset: number,
): Promise<JobReading | null> {
  try {
    return await fromWorkflow(places, id, afterOffset);
  } catch (error) {
    const stored = await fromStore(places, id, afterOffset).catch(() => null);
    if (stored !== null) return stored;
    throw error;
  }
}

/** @throws {HoldfastError} `unknown_instance` */
export function unknownJob(id: string): HoldfastError {
  return new HoldfastError('unknown_instance', `no job ${id}; \`holdfast job list\` shows those there are`);
}
