import type { JobEvent, JobProgress, JobState } from './events.js';
import type { WorkDone } from './progress.js';
import type { JobArtifact, JobView } from './view.js';

/** What an execution of a job has from the one before it: between two steps, or when a job that is over is started again. */
export interface CarriedJob {
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly host: string | null;
  readonly status: JobState;
  readonly message: string;
  readonly nextStep: number;
  readonly progress: JobProgress | null;
  readonly artifacts: readonly JobArtifact[];
  readonly events: readonly JobEvent[];
  readonly savedOffset: number;
  /** Steps that were made before: what the time left is judged by. Unknown to older versions. */
  readonly worked?: WorkDone;
}

/**
 * A job from its beginning, with its log behind the one of the life before: whoever has read that one goes on without loss
 * or repetition, and the two never mix.
 * @param lastOffset the last one that anybody can have seen of the life before
 */
export function startedAgain({ createdAt }: JobView, lastOffset: number, time: string): CarriedJob {
  const status = 'pending';
  const message = 'started again, waiting for a worker';
  return {
    createdAt,
    startedAt: null,
    host: null,
    status,
    message,
    nextStep: 0,
    progress: null,
    artifacts: [],
    events: [{ offset: lastOffset + 1, time, body: { type: 'status', status, message } }],
    savedOffset: lastOffset,
  };
}

/** What is shown of a job before a worker has gone on with it. */
export type JobBeginning = Pick<
  CarriedJob,
  'createdAt' | 'startedAt' | 'status' | 'progress' | 'artifacts' | 'events'
>;

/** A job as it stands before a worker has gone on with it. */
export function viewOfCarried(
  { id, kind, params }: Pick<JobView, 'id' | 'kind' | 'params'>,
  { createdAt, startedAt, status, progress, artifacts, events }: JobBeginning,
): JobView {
  return {
    id,
    kind,
    status,
    params,
    createdAt,
    startedAt,
    endedAt: null,
    progress,
    artifacts,
    error: null,
    firstOffset: events.at(0)?.offset ?? 0,
    lastOffset: events.at(-1)?.offset ?? 0,
  };
}
