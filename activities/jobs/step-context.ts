import type { JobLogLevel } from '../../core/jobs/events.js';
import type { StepProgress } from '../../core/jobs/step.js';

/** What a step of a job works with. */
export interface StepContext {
  /** `job/<name>`. */
  readonly jobId: string;
  /** When the job was asked for: a period such as `24h` counts back from here. ISO 8601, UTC. */
  readonly createdAt: string;
  /** Number of this attempt; 1 is the first. */
  readonly attempt: number;
  /** Finished files; nothing is ever written here directly. */
  readonly artifactsFolder: string;
  /** Half-made files. Kept between the steps and attempts of a job on the same host, removed at its end. */
  readonly workFolder: string;
  readonly dataDir: string;
  /** Aborted when the job was cancelled or the worker is shut down. */
  readonly signal: AbortSignal;
  /** How far the step is. Call it as often as you like: it is sent at most once a second. */
  report(progress: StepProgress): void;
  /** A line for the person who follows the job. */
  log(level: JobLogLevel, message: string): void;
  /** Moves a whole file of the work folder to the artifacts and announces it. The same name again replaces it. */
  artifact(name: string, mediaType: string, fromWorkFile: string): Promise<void>;
  /** Keeps a JSON value for later attempts and steps. On the fetchers the next step may run on another machine: only this goes along. */
  save(key: string, value: unknown): Promise<void>;
  load<Value>(key: string): Promise<Value | undefined>;
}

/**
 * Makes one step. It may run again after a crash: what it did before must do no harm.
 * @throws {StepFailure} any other error counts as `unknown` and is tried again
 */
export type StepRun<Params> = (params: Params, context: StepContext) => Promise<void>;
