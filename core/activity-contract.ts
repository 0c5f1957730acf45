/** What workflows may ask for: inputs and results of every activity. The implementations live in `activities/`. */
import type { MediaCause } from './causes.js';
import type { MediaSource, RunEnd, RunKey, RunSpec } from './run.js';
import type { Notification } from './notifications.js';
import type { ResolverConfig } from './config/stream.js';

/** A live URL, a reason why there is none, or an error on the way. */
export type ResolveResult =
  | { readonly kind: 'live'; readonly media: MediaSource; readonly title?: string }
  | { readonly kind: 'not_live'; readonly detail: string }
  | {
      readonly kind: 'failed';
      readonly cause: MediaCause;
      readonly detail: string;
      /** Not sooner than this, e.g. because the site has blocked us. */
      readonly retryAfterMs?: number;
    };

export interface ResolveInput {
  readonly instance: string;
  readonly resolver: ResolverConfig;
}

export interface AwaitSourceInput {
  readonly media: MediaSource;
  /** Give up after this long. */
  readonly timeoutMs: number;
  /** Ask no sooner than this, so that a source that answers and dies at once is not hammered. */
  readonly notBeforeMs: number;
}

export interface AwaitSourceResult {
  /** False when the time ran out or the protocol cannot be asked cheaply. */
  readonly answered: boolean;
  readonly detail: string;
}

export interface StopRunInput {
  readonly runKey: RunKey;
  readonly reason: string;
}

/** Activities of a device host, on `holdfast-host-<host>`. */
export interface HostActivities {
  /** Starts or adopts the run. Completed asynchronously, with the task token, when the run has ended. */
  startRun(spec: RunSpec): Promise<RunEnd>;
  /** Ends a run by the stop ladder; null when the host knows no such run. Idempotent. */
  stopRun(input: StopRunInput): Promise<RunEnd | null>;
  /** Answers when a worker of the host polls. */
  pingHost(): Promise<{ readonly host: string }>;
  /** Asks the media host until it answers. */
  awaitSource(input: AwaitSourceInput): Promise<AwaitSourceResult>;
}

/** Polled by every device host on `holdfast-device`: the host that takes the task is the placement. */
export interface PlacementActivities {
  claimHost(): Promise<{ readonly host: string }>;
}

/** Activities of a fetcher, on `holdfast-fetch`. */
export interface FetchActivities {
  resolveStream(input: ResolveInput): Promise<ResolveResult>;
}

/** Activities of an orchestrator, on `holdfast`. */
export interface OrchestratorActivities {
  /** Keeps notifications in the store (idempotent by id); sinks are fed from there and delay nobody. */
  recordNotifications(notifications: readonly Notification[]): Promise<void>;
}
