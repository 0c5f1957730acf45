import type { JobKind } from './entry.js';
import type { JobEventBody } from './events.js';
import type { JobArtifact } from './view.js';

/** How far a step is. What is left out is not known. */
export interface StepProgress {
  /** Of this step, 0 to 100. */
  readonly percent: number | null;
  readonly done?: number;
  readonly total?: number;
  /** Of `done` and `total`, e.g. `bytes`, `items`, `seconds`. */
  readonly unit?: string;
  /** Units a second. */
  readonly rate?: number | null;
  /** Of this step. */
  readonly remainingMs?: number | null;
  /** Of this attempt at the step, up to now. */
  readonly elapsedMs?: number;
  /** Text generated since the report before. */
  readonly text?: string;
}

/** How far a work is that is counted: so many of so many. */
export function counted(
  done: number,
  total: number,
  unit: string,
): StepProgress & { readonly percent: number } {
  return { percent: total === 0 ? 100 : (100 * done) / total, done, total, unit };
}

/** What a worker needs to make one step of a job. */
export interface RunStepInput {
  /** Workflow id, `job/<name>`. */
  readonly jobId: string;
  readonly kind: JobKind;
  readonly step: string;
  /** Parameters as written. */
  readonly params: unknown;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What `runJobStep` answers. */
export interface StepDone {
  readonly host: string;
  /** What this attempt has made, once more: a report may have been lost. */
  readonly artifacts: readonly JobArtifact[];
}

/** What a step has to tell, as the payload of the signal `jobReport`. */
export interface JobReport {
  readonly step: string;
  /** Number of the attempt; 1 is the first. */
  readonly attempt: number;
  /** The host that makes the step. */
  readonly host: string;
  /** Of the report within its attempt, from 1: one that was sent twice is heard once. */
  readonly number: number;
  /** In the order in which it happened. */
  readonly entries: readonly ReportEntry[];
}

export type ReportEntry =
  | { readonly type: 'begun' }
  | ({ readonly type: 'progress' } & StepProgress)
  | Extract<JobEventBody, { readonly type: 'log' | 'error' }>
  | ({ readonly type: 'artifact' } & JobArtifact);
