import { randomBytes } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { parseInstanceInput } from '../../../core/config/instance.js';
import { jobIdOf, keyedName, type CarriedJob, type JobKind } from '../../../core/jobs/index.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../../core/task-queues.js';
import { HoldfastError } from '../errors.js';
import { startAttributes } from '../search-attributes.js';
import { callServer } from '../server-call.js';
import type { JobPlaces } from './deps.js';
import { hostOfRecording } from './host-of-recording.js';

/** What somebody asks for. */
export interface JobRequest {
  readonly kind: string;
  readonly params: unknown;
  /** The same kind and key are the same job, however often it is asked for. */
  readonly key?: string | undefined;
  /** The host that works on it; where the recording is made, when absent. */
  readonly host?: string | undefined;
}

export interface StartedJob {
  /** `job/<name>` */
  readonly id: string;
  /** False when the key was known: nothing was started, and `id` is the job of that key. */
  readonly created: boolean;
}

/**
 * Starts a job, unless there is one of that key.
 * @throws {HoldfastError} `invalid_input` naming key, value and what is allowed
 */
export async function startJob(places: JobPlaces, request: JobRequest): Promise<StartedJob> {
  const { key, kind } = request;
  const name = key === undefined ? newName(kind) : keyedName(kind as JobKind, key);
  const entry = checkedEntry(name, request);
  const id = jobIdOf(name);
  // The server forgets a job that is over before the store does.
  if (key !== undefined && (await places.store?.read(id, 0)) != null) return { id, created: false };
  const host = request.host ?? (await hostOfRecording(places.client, entry.params));
  const created = await startWorkflow(places.client, id, host === undefined ? entry : { ...entry, host });
  return { id, created };
}

/** An entry of a job as written, known to be valid. */
export interface WrittenEntry {
  readonly id: string;
  readonly host?: string;
  readonly kind: string;
  readonly params: unknown;
}

/** The entry as written, once it is known to be valid. */
function checkedEntry(id: string, { kind, params, key, host }: JobRequest): WrittenEntry {
  const entry = {
    id,
    kind,
    params,
    ...(key === undefined ? {} : { key }),
    ...(host === undefined ? {} : { host }),
  };
  const parsed = parseInstanceInput('job', entry);
  if ('error' in parsed) throw new HoldfastError('invalid_input', parsed.error);
  return entry;
}

/**
 * Starts the workflow of a job.
 * @param carried for a job that is over and starts again; without it an id is used once
 * @returns false when there is one already; nothing is changed then.
 */
export async function startWorkflow(
  client: Client,
  id: string,
  entry: WrittenEntry,
  carried?: CarriedJob,
): Promise<boolean> {
  try {
    await callServer(client, `start ${id}`, () =>
      client.workflow.start('job', {
        workflowId: id,
        taskQueue: ORCHESTRATOR_TASK_QUEUE,
        args: carried === undefined ? [entry] : [entry, carried],
        workflowIdReusePolicy: carried === undefined ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        typedSearchAttributes: startAttributes('job', entry, 'pending'),
        staticSummary: `holdfast ${entry.kind} ${entry.id}`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** `digest-20260304T050607Z-1f2e3d`: sorts by time, and two of the same second differ. */
function newName(kind: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${kind}-${time}-${randomBytes(3).toString('hex')}`;
}
