import { QueryRejectedError, WorkflowClient, type Client } from '@temporalio/client';
import { JOB_EVENTS_QUERY, type JobAnswer } from '../../../core/jobs/index.js';
import { callServer } from '../server-call.js';

/** Followers ask again soon: rather the other place than a long wait. */
const QUERY_DEADLINE_MS = 3_000;

const openOnly = new WeakMap<Client, WorkflowClient>();

/** Asks a job whose workflow is open, in one request; null when it is closed: a closed one would answer as it was before its end. */
export async function askOpenJob(client: Client, id: string, after: number): Promise<JobAnswer | null> {
  try {
    return await ask(client, clientForOpen(client), id, after);
  } catch (error) {
    if (error instanceof QueryRejectedError) return null;
    throw error;
  }
}

/** Asks a job, open or closed. */
export async function askAnyJob(client: Client, id: string, after: number): Promise<JobAnswer> {
  return await ask(client, client.workflow, id, after);
}

async function ask(client: Client, workflows: WorkflowClient, id: string, after: number): Promise<JobAnswer> {
  const query = () => workflows.getHandle(id).query<JobAnswer, [number]>(JOB_EVENTS_QUERY, after);
  return await callServer(client, `ask ${id} how far it is`, query, QUERY_DEADLINE_MS);
}

/** Whether closed workflows answer is a setting of the whole client. */
function clientForOpen(client: Client): WorkflowClient {
  const known = openOnly.get(client);
  if (known !== undefined) return known;
  const { namespace, identity, dataConverter } = client.options;
  const made = new WorkflowClient({
    connection: client.connection,
    namespace,
    identity,
    ...(dataConverter === undefined ? {} : { dataConverter }),
    queryRejectCondition: 'NOT_OPEN',
  });
  openOnly.set(client, made);
  return made;
}
