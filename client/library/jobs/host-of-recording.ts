import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { readInstance } from '../read-instance.js';

/** The host on which an instance records; undefined when nobody knows: the device host that takes the job decides then. */
export async function hostOfRecording(client: Client, params: unknown): Promise<string | undefined> {
  if (typeof params !== 'object' || params === null || !('recording' in params)) return undefined;
  if (typeof params.recording !== 'string') return undefined;
  try {
    return (await readInstance(client, params.recording)).host ?? undefined;
  } catch (error) {
    // Recordings outlive what the server remembers.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
