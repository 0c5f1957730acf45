import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import {
  isJobOver,
  JOB_EVENTS_READ_MAX,
  JOB_KINDS,
  viewOfCarried,
  type JobBeginning,
  type JobAnswer,
  type JobEvent,
  type JobEventBody,
  type JobFailure,
  type JobKind,
  type JobView,
} from '../../../core/jobs/index.js';
import { failureOf } from '../read-instance.js';
import { inputsOf } from '../start-instance.js';

/** How a workflow can end without a word of its own, and what is said about that. */
const VIOLENT_ENDS: Readonly<Record<string, JobFailure>> = {
  TERMINATED: { cause: 'terminated', message: 'the job was terminated by somebody on the Temporal server' },
  TIMED_OUT: { cause: 'timeout', message: 'the job was ended by the Temporal server: it took too long' },
  CANCELLED: { cause: 'terminated', message: 'the job was ended by the Temporal server' },
};

/** A job that no worker has begun, or gone on with: it is known by what it was started with. */
export async function jobFromItsStart(
  client: Client,
  id: string,
  afterOffset: number,
  { runId, startTime }: WorkflowExecutionDescription,
): Promise<JobAnswer> {
  const [input, carried] = await inputsOf(client, id, runId);
  const entry = input as { kind?: unknown; params?: unknown } | null;
  const kind: JobKind = JOB_KINDS.find((known) => known === entry?.kind) ?? 'digest';
  const start = (carried as JobBeginning | undefined) ?? justAsked(startTime);
  return {
    view: viewOfCarried({ id, kind, params: entry?.params ?? null }, start),
    events: start.events.filter(({ offset }) => offset > afterOffset).slice(0, JOB_EVENTS_READ_MAX),
  };
}

function justAsked(startTime: Date): JobBeginning {
  return {
    createdAt: startTime.toISOString(),
    startedAt: null,
    status: 'pending',
    progress: null,
    artifacts: [],
    events: [],
  };
}

/**
 * What is to be said of a job whose workflow has ended without saying so: the end is put behind what it told, always in the same
 * words and places. A job that has told its end stays as it is.
 */
export async function withItsEnd(
  client: Client,
  answer: JobAnswer,
  afterOffset: number,
  { workflowId, runId, status, closeTime }: WorkflowExecutionDescription,
): Promise<JobAnswer> {
  const { view } = answer;
  if (status.name === 'RUNNING' || status.name === 'PAUSED' || isJobOver(view.status)) return answer;
  const error = VIOLENT_ENDS[status.name] ?? (await ownFailure(client, workflowId, runId));
  const time = (closeTime ?? new Date(view.createdAt)).toISOString();
  const bodies: JobEventBody[] = [
    { type: 'error', fatal: true, error_code: error.cause, message: error.message },
    { type: 'status', status: 'failed', message: error.message },
    { type: 'done', status: 'failed', message: error.message },
  ];
  const end = bodies.map((body, index): JobEvent => ({ offset: view.lastOffset + 1 + index, time, body }));
  const ended: JobView = {
    ...view,
    status: 'failed',
    endedAt: time,
    error,
    firstOffset: Math.max(1, view.firstOffset),
    lastOffset: view.lastOffset + end.length,
  };
  // Nothing is told out of order: the end waits for what comes before it.
  const told = answer.events.at(-1)?.offset ?? afterOffset;
  const isComplete = told >= view.lastOffset;
  const events = isComplete ? end.filter(({ offset }) => offset > afterOffset) : [];
  return { view: ended, events: [...answer.events, ...events] };
}

async function ownFailure(client: Client, id: string, runId: string): Promise<JobFailure> {
  const failure = await failureOf(client, id, runId);
  return failure ?? { cause: 'unknown', message: 'the job has ended, and nothing says how' };
}
