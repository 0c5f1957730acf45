/** What a job goes through; the last three are its ends. */
export const JOB_STATES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** True when nothing more will happen. */
export function isJobOver(state: JobState): state is 'completed' | 'failed' | 'cancelled' {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** What a job tells while it runs. The words of the wire: they go to clients as they are. */
export type JobEventBody =
  | { readonly type: 'status'; readonly status: JobState; readonly message: string }
  | ({ readonly type: 'progress' } & JobProgress)
  | { readonly type: 'artifact'; readonly name: string; readonly mediaType: string; readonly bytes: number }
  | { readonly type: 'log'; readonly level: JobLogLevel; readonly message: string }
  | {
      readonly type: 'error';
      /** False when the job goes on by itself. */
      readonly fatal: boolean;
      readonly error_code: string;
      readonly message: string;
      readonly details?: Record<string, unknown>;
    }
  | { readonly type: 'done'; readonly status: JobState; readonly message: string };

export type JobLogLevel = 'info' | 'warning' | 'error';

/** How far a job is. */
export interface JobProgress {
  /** Of the whole job, 0 to 100; null when nobody can say. */
  readonly percent: number | null;
  readonly step: string;
  readonly done: number | null;
  readonly total: number | null;
  /** Of `done` and `total`, e.g. `bytes`, `items`, `seconds`. */
  readonly unit: string | null;
  /** Units a second. */
  readonly rate: number | null;
  /** Of the whole job. */
  readonly remainingMs: number | null;
  /** Text that was generated since the event before, token by token. */
  readonly text?: string;
}

/** An event with its place in the log of its job. */
export interface JobEvent {
  /** From 1, without holes. */
  readonly offset: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly body: JobEventBody;
}
