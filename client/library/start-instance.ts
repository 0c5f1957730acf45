import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import { instanceIdOf } from './instance-kinds.js';
import { notRunning, sendSignal, stateAfter, type Sent } from './messages.js';
import { queryStatus } from './read-instance.js';
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

/**
 * Tries again at once: a living instance, or only its branch of that name, from whatever it waits for; a closed one by
 * starting it again with the config it had last.
 */
export async function retryInstance(
  client: Client,
  reference: string,
  branch?: string,
): Promise<Sent & { startedAgain: boolean }> {
  const instance = await findInstance(client, reference);
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
export async function lastConfig(client: Client, id: string, runId: string): Promise<unknown> {
  const { status } = await queryStatus(client, id);
  if (status !== null) return status.config;
  return inputOf(client, id, runId);
}

/** First argument with which an execution was started, read from its history: needs no worker. */
export async function inputOf(client: Client, id: string, runId: string): Promise<unknown> {
  const response = await callServer(client, `read the input of ${id}`, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId },
      maximumPageSize: 1,
    }),
  );
  const started = response.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let payloads = (started?.input?.payloads ?? []).slice(0, 1);
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  const [first] = payloads;
  if (first === undefined) throw new HoldfastError('server_error', `${id} was started without a config`);
  return payloadConverter.fromPayload(first);
}
