/** What workflows may ask for: inputs and results of every activity. The implementations live in `activities/`. */
import type { MediaCause } from './causes.js';
import type { MediaSource, RunEnd, RunKey, RunSpec } from './run.js';
import type { Notification } from './notifications.js';
import type { ProbeConfig } from './config/capture-input.js';
import type { ResolverConfig } from './config/stream.js';
import type { HubAddress } from './hub.js';
import type { JobEvent } from './jobs/events.js';
import type { RunStepInput, StepDone } from './jobs/step.js';
import type { JobView } from './jobs/view.js';
import type { CycleResult, RunCycleInput, SourceStatusInput } from './source-cycle/index.js';

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
  /** False when the time ran out or nobody can be asked. */
  readonly answered: boolean;
  readonly detail: string;
}

export interface WatchSignalInput {
  readonly instance: string;
  /** Never of kind `none`. A `v4l2` probe has its device filled in. */
  readonly probe: Exclude<ProbeConfig, { kind: 'none' }>;
  /** `loss` answers when the signal has been away for `probe.debounce`, `return` when it has been there for `probe.stable`. */
  readonly until: 'loss' | 'return';
}

export interface WatchSignalResult {
  /** One line for a person: what the probe saw. */
  readonly detail: string;
  /** Since when the probe has seen it so. ISO 8601, UTC. */
  readonly since: string;
}

/** A capture is seen in its hub, a stream in what it records in a branch. */
export type PreviewInput = { readonly instance: string } & (
  { readonly hub: HubAddress } | { readonly branch: string }
);

/** A picture, or why there is none. */
export type PreviewResult =
  | { readonly kind: 'picture'; readonly jpegBase64: string; readonly takenAt: string }
  | { readonly kind: 'none'; readonly detail: string };

export interface StopRunInput {
  readonly runKey: RunKey;
  readonly reason: string;
  /** What made us stop it, where that is a cause of the catalogue, e.g. `signal_lost`. */
  readonly cause?: MediaCause;
}

/** A job and what it told since it was last kept. */
export interface SaveJobInput {
  readonly view: JobView;
  readonly events: readonly JobEvent[];
}

/** Steps of jobs, on the queue that each of them names: that of a host, or of the fetchers. */
export interface JobStepActivities {
  /** Makes one step of a job; heartbeats, and tells how far it is by the signal `jobReport`. Fails with the cause as type. */
  runJobStep(input: RunStepInput): Promise<StepDone>;
  /** Removes half-made files of a job that is over. Idempotent. */
  cleanJob(input: { readonly jobId: string }): Promise<void>;
}

/** Activities of a device host, on `holdfast-host-<host>`. */
export interface HostActivities extends JobStepActivities {
  /** Starts or adopts the run. Completed asynchronously, with the task token, when the run has ended. */
  startRun(spec: RunSpec): Promise<RunEnd>;
  /** Ends a run by the stop ladder; null when the host knows no such run. Idempotent. */
  stopRun(input: StopRunInput): Promise<RunEnd | null>;
  /** Answers when a worker of the host polls. */
  pingHost(): Promise<{ readonly host: string }>;
  /** Asks the media host until it answers. */
  awaitSource(input: AwaitSourceInput): Promise<AwaitSourceResult>;
  /** Watches the input signal of a capture until it goes or comes; heartbeats. A probe that cannot answer has said nothing. */
  watchSignal(input: WatchSignalInput): Promise<WatchSignalResult>;
  /** Takes a picture from the hub or the newest closed segment; at most one each 5 s for an instance, otherwise the last one again. */
  takePreview(input: PreviewInput): Promise<PreviewResult>;
}

/** Polled by every device host on `holdfast-device`: the host that takes the task is the placement. */
export interface PlacementActivities {
  claimHost(): Promise<{ readonly host: string }>;
}

/** Activities of a fetcher, on `holdfast-fetch`. */
export interface FetchActivities extends ResolveActivities, SourceActivities, JobStepActivities {}

export interface ResolveActivities {
  resolveStream(input: ResolveInput): Promise<ResolveResult>;
}

export interface SourceActivities {
  /**
   * Fetches a source, reads the answer and keeps what it brought, in one attempt of a cycle. Fails with the cause as type: for
   * another attempt, or for good with `CycleFailure` as detail. Heartbeats.
   */
  runCycle(input: RunCycleInput): Promise<CycleResult>;
}

/** Activities of an orchestrator, on `holdfast`. */
export interface OrchestratorActivities {
  /** Keeps notifications in the store (idempotent by id); sinks are fed from there and delay nobody. */
  recordNotifications(notifications: readonly Notification[]): Promise<void>;
  /** Keeps what a source says of itself between its cycles. */
  saveSourceStatus(input: SourceStatusInput): Promise<void>;
  /** Mirrors a job in the store, so that it can be read while its workflow cannot. An older state never replaces a newer one. */
  saveJob(input: SaveJobInput): Promise<void>;
}
