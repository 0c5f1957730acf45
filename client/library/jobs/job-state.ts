import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { JobState } from '../../../core/jobs/index.js';
import { HoldfastError } from '../errors.js';
import { askAnyJob } from './open-query.js';

/** The state of a job as its workflow says it; null when no worker answers. */
export async function jobStateNow(client: Client, id: string): Promise<JobState | null> {
  try {
    return (await askAnyJob(client, id, Number.MAX_SAFE_INTEGER)).view.status;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    if (error instanceof HoldfastError && (error.code === 'unreachable' || error.code === 'refused'))
      throw error;
    return null;
  }
}
