import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  TimeoutFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { PreviewInput, PreviewResult } from '../../core/activity-contract.js';
import { INGEST_BRANCH } from '../../core/capture-state.js';
import { parseInstanceInput } from '../../core/config/instance.js';
import { hubOfCapture } from '../../core/hub.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { HoldfastError } from './errors.js';
import { findInstance } from './find-instance.js';
import type { InstanceSummary } from './list-instances.js';
import { queryStatus } from './read-instance.js';
import { callServer } from './server-call.js';

/** A picture of a running capture or stream. */
export interface Preview {
  readonly id: string;
  readonly jpeg: Uint8Array;
  /** Of a capture up to 5 s ago; of a stream when its newest closed segment ended. ISO 8601, UTC. */
  readonly takenAt: string;
}

/** A host answers within 10 s or not at all, and a picture takes up to 20 s. */
const PREVIEW_TIMEOUT_MS = 35_000;

/**
 * Takes a picture of what a capture sends to its outputs, or of the newest closed segment that a stream has recorded: a JPEG
 * of at most 1280 pixels and 300 KB.
 * @throws {HoldfastError} `invalid_input` when it is neither, `not_running` when its ingest or recording does not run,
 *   `no_worker` when nobody answers, `no_picture` when there is nothing to be seen. The message says why.
 */
export async function takePreview(client: Client, reference: string): Promise<Preview> {
  const instance = await findInstance(client, reference);
  const { host, input } = await runningBranch(client, instance);
  const result = await askHost(client, host, input);
  if (result.kind === 'none') {
    throw new HoldfastError('no_picture', `no picture of ${instance.id}: ${result.detail}`);
  }
  return { id: instance.id, jpeg: Buffer.from(result.jpegBase64, 'base64'), takenAt: result.takenAt };
}

/** Where the picture is; what does not run says why there is none. */
async function runningBranch(
  client: Client,
  instance: InstanceSummary,
): Promise<{ readonly host: string; readonly input: PreviewInput }> {
  const { id, kind } = instance;
  if (kind !== 'capture' && kind !== 'stream') {
    throw new HoldfastError('invalid_input', `${id} has no preview; only captures and streams have`);
  }
  if (!instance.open) throw new HoldfastError('not_running', `no picture of ${id}: it is ${instance.state}`);
  const { status, problem } = await queryStatus(client, id);
  if (status === null) throw new HoldfastError('no_worker', `no picture of ${id}: ${problem}`);
  // A stream has one branch: its recording.
  const branch = status.branches.find(({ name }) => kind === 'stream' || name === INGEST_BRANCH);
  if (status.host === null || branch?.state !== 'running') {
    throw new HoldfastError('not_running', `no picture of ${id}: ${whyIdle(status, branch ?? status)}`);
  }
  const { host } = status;
  if (kind === 'stream') return { host, input: { instance: id, branch: branch.name } };
  const config = parseInstanceInput('capture', status.config);
  if ('error' in config) throw new HoldfastError('server_error', `no picture of ${id}: ${config.error}`);
  return { host, input: { instance: id, hub: hubOfCapture(config.ok) } };
}

function whyIdle(
  status: InstanceStatus,
  { state, detail }: Pick<InstanceStatus, 'state' | 'detail'>,
): string {
  const words = detail === '' ? status.detail : detail;
  return words === '' ? `it is ${state}` : `it is ${state} (${words})`;
}

/** Each picture has a workflow of its own, which is deleted when the picture is here. */
async function askHost(client: Client, host: string, input: PreviewInput): Promise<PreviewResult> {
  const workflowId = `preview/${input.instance}/${randomUUID()}`;
  const what = `take a picture of ${input.instance}`;
  const handle = await callServer(client, what, () =>
    client.workflow.start('preview', {
      workflowId,
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      args: [{ host, input }],
      workflowExecutionTimeout: PREVIEW_TIMEOUT_MS,
      staticSummary: `picture of ${input.instance}`,
    }),
  );
  try {
    return await callServer(
      client,
      what,
      () => handle.result() as Promise<PreviewResult>,
      PREVIEW_TIMEOUT_MS + 1_000,
    );
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw failedPreview(error, input.instance);
    if (error instanceof WorkflowNotFoundError) {
      throw new HoldfastError('server_error', `cannot ${what}: its workflow is gone`, { cause: error });
    }
    throw error;
  } finally {
    await forget(client, workflowId);
  }
}

function failedPreview(error: WorkflowFailedError, instance: string): HoldfastError {
  const { cause } = error;
  const hostIsAway = cause instanceof ApplicationFailure && cause.type === 'host_unavailable';
  if (hostIsAway || cause instanceof TimeoutFailure) {
    const reason = hostIsAway ? cause.message : 'no worker answers';
    return new HoldfastError('no_worker', `no picture of ${instance}: ${reason}`, { cause: error });
  }
  const reason = rootCause(error).message;
  return new HoldfastError('server_error', `no picture of ${instance}: ${reason}`, { cause: error });
}

function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

/**
 * Pictures would fill the server's database: whoever looks every few seconds for a day takes gigabytes. The server deletes
 * a closed workflow within a minute.
 */
async function forget(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  await callServer(client, 'delete a picture', () =>
    client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } }),
  ).catch(() => undefined);
}
