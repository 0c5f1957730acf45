/** What a workflow says of itself: the answer to the query `status`. Live figures (fps, bytes) travel in heartbeats instead. */
import type { HttpCause, MediaCause } from './causes.js';
import type { RunKey } from './run.js';
import type { State } from './states.js';

/** Newest incidents kept in a workflow and carried over continue-as-new. */
export const INCIDENTS_KEPT = 20;

/** Something went wrong, and what was decided about it. */
export interface Incident {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly branch: string;
  /** Of the catalogue: `HttpCause` for sources. */
  readonly cause: MediaCause | HttpCause;
  /** One line for a person: the decisive evidence. */
  readonly detail: string;
  /** What was decided, e.g. `retry 2/3 in 1 s`. */
  readonly action: string;
  /** Number of the attempt that this incident ended, counted with those that share its budget of retries; 1 is the first. */
  readonly attempt: number;
}

/** One branch of an instance: the recording of a stream, the ingest or an output of a capture. */
export interface BranchStatus {
  readonly name: string;
  readonly state: State;
  /** In words, e.g. `retrying 2/3, next attempt 14:03:05Z, connection reset by peer`. */
  readonly detail: string;
  /** Since when it has been in this state. ISO 8601, UTC. */
  readonly since: string;
  /** Number of the current or last run; 0 before the first. */
  readonly run: number;
  readonly runKey: RunKey | null;
  /** Retries made in this episode. */
  readonly attempt: number;
  /** Null when there is no limit. */
  readonly maxAttempts: number | null;
  /** ISO 8601, UTC; null when none is planned. */
  readonly nextAttemptAt: string | null;
  /** Start of the current run, or null while there is none. */
  readonly startedAt: string | null;
}

/** An instance as the query `status` answers it. */
export interface InstanceStatus {
  /** `kind/name`, the same as the workflow id. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** The host that does the work, or null while none is chosen. */
  readonly host: string | null;
  readonly state: State;
  /** In words, as the Web UI shows them. */
  readonly detail: string;
  /** Since when it has been in this state. ISO 8601, UTC. */
  readonly since: string;
  /** Start of the first run of the workflow, kept over continue-as-new. ISO 8601, UTC. */
  readonly startedAt: string;
  /** Retries made in this episode, over all branches. */
  readonly retries: number;
  /** The last {@link INCIDENTS_KEPT}, newest first. */
  readonly incidents: readonly Incident[];
  /** All incidents since the workflow was started. */
  readonly incidentCount: number;
  readonly branches: readonly BranchStatus[];
  /** The config entry in force, as written (secrets as `${env:NAME}`). */
  readonly config: unknown;
}
