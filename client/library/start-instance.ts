import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { HoldfastError } from './errors.js';
import { instanceIdOf } from './instance-kinds.js';
import { startAttributes } from './search-attributes.js';
import { callServer } from './server-call.js';

/** An instance as a config file lists it. */
export interface DesiredInstance {
  readonly kind: string;
  readonly name: string;
  /** The entry as written, secrets as `${env:NAME}`: it becomes the workflow's input and is kept in its history. */
  readonly config: unknown;
}

/**
 * Starts the workflow of an instance.
 * @returns false when it is running already; nothing is changed then.
 */
export async function startInstance(client: Client, desired: DesiredInstance): Promise<boolean> {
  const workflowId = instanceIdOf(desired.kind, desired.name);
  try {
    await callServer(client, `start ${workflowId}`, () =>
      client.workflow.start(desired.kind, {
        workflowId,
        taskQueue: ORCHESTRATOR_TASK_QUEUE,
        args: [desired.config],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        typedSearchAttributes: startAttributes(desired.kind, desired.config),
        staticSummary: `holdfast ${desired.kind} ${desired.name}`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** First argument with which an execution was started. */
export async function inputOf(client: Client, id: string, runId: string): Promise<unknown> {
  return (await inputsOf(client, id, runId))[0];
}

/** The arguments with which an execution was started, at least one, read from its history: needs no worker. */
export async function inputsOf(client: Client, id: string, runId: string): Promise<unknown[]> {
  const response = await callServer(client, `read the input of ${id}`, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId },
      maximumPageSize: 1,
    }),
  );
  const started = response.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let payloads = started?.input?.payloads ?? [];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  if (payloads.length === 0) throw new HoldfastError('server_error', `${id} was started without a config`);
  return payloads.map((payload) => payloadConverter.fromPayload<unknown>(payload));
}
