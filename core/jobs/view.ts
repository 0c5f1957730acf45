import type { JobProgress, JobState } from './events.js';
import type { JobKind } from './entry.js';

/** A file that a job has made, whole. */
export interface JobArtifact {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The host whose data directory it lies in, as `jobs/<name>/artifacts/<artifact>`. */
  readonly host: string;
}

/** Why a job failed. */
export interface JobFailure {
  readonly cause: string;
  readonly message: string;
}

/** A job as its query `status`, the store and HTTP show it. Times are ISO 8601, UTC. */
export interface JobView {
  /** `job/<name>`, the same as the workflow id. */
  readonly id: string;
  readonly kind: JobKind;
  readonly status: JobState;
  /** As written. */
  readonly params: unknown;
  readonly createdAt: string;
  /** When a worker took the first step. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly progress: JobProgress | null;
  readonly artifacts: readonly JobArtifact[];
  readonly error: JobFailure | null;
  /** Offsets of the events that are kept; both 0 while there is none. */
  readonly firstOffset: number;
  readonly lastOffset: number;
}
