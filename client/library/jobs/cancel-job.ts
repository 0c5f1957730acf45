import { WorkflowNotFoundError } from '@temporalio/client';
import { JOB_CANCEL_SIGNAL } from '../../../core/jobs/index.js';
import { callServer } from '../server-call.js';
import type { JobPlaces } from './deps.js';
import { readJobAnywhere, unknownJob } from './read-job.js';

/**
 * Asks a job to end; it removes what it has half made. False when it was over already.
 * @throws {HoldfastError} `unknown_instance`
 */
export async function cancelJob(places: JobPlaces, id: string): Promise<boolean> {
  const { client } = places;
  try {
    await callServer(client, `cancel ${id}`, () => client.workflow.getHandle(id).signal(JOB_CANCEL_SIGNAL));
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if ((await readJobAnywhere(places, id, Number.MAX_SAFE_INTEGER)) === null) throw unknownJob(id);
    return false;
  }
}
