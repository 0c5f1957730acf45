import type { MediaCause } from './causes.js';
import type { CaptureInputConfig } from './config/capture-input.js';
import type { EncodeConfig } from './config/capture.js';
import type { HubAddress } from './hub.js';

/** Names one run for ever: `<workflow id>/<branch>/<run number>`, e.g. `stream/alice/recording/17`. */
export type RunKey = string;

/** Builds the key under which a run is started, adopted and stopped. */
export function runKeyOf(workflowId: string, branch: string, run: number): RunKey {
  return `${workflowId}/${branch}/${run}`;
}

/** Where media comes from, as a resolver found it. `url` may hold `${env:NAME}`, which the host expands when it starts the run. */
export interface MediaSource {
  readonly url: string;
  /** Request headers to send. Values may hold `${env:NAME}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the address delivers; `auto` looks at the answer. */
  readonly format?: 'hls' | 'flv' | 'mpegts' | 'auto';
}

export type Container = 'mpegts' | 'fmp4' | 'mkv';

/** How media is written. */
export interface RecordSettings {
  readonly container: Container;
  /** Length of a segment in milliseconds (cut at the next keyframe). */
  readonly segmentMs: number;
}

/** Room that a recording leaves on its disk, and how long it is kept. */
export interface StorageSettings {
  /** Bytes free below which the recording ends with `storage_full`; absent: one minute at the measured bitrate. */
  readonly minFreeBytes?: number;
  /** Bytes free below which the host says so; absent: ten minutes at the measured bitrate. */
  readonly warnFreeBytes?: number;
  /** Closed segments older than this are deleted, oldest first; absent: never. */
  readonly keepMs?: number;
  /** Closed segments are deleted, oldest first, while all of them are larger than this; absent: never. */
  readonly keepBytes?: number;
}

/** Where a push output sends the stream. `url` may hold `${env:NAME}`. */
export interface PushTarget {
  readonly url: string;
  readonly format: 'auto' | 'flv' | 'mpegts';
}

/** What a run does. The host turns it into processes. */
export type Recipe =
  | { readonly kind: 'record-source'; readonly media: MediaSource; readonly record: RecordSettings }
  /** The ingest of a capture: encodes once and sends MPEG-TS into the hub. */
  | {
      readonly kind: 'capture-ingest';
      readonly input: CaptureInputConfig;
      readonly encode: EncodeConfig;
      readonly hub: HubAddress;
    }
  /** An output of a capture: copies what is in the hub to another server. */
  | { readonly kind: 'push-hub'; readonly hub: HubAddress; readonly target: PushTarget }
  /** An output of a capture: copies what is in the hub into segments. */
  | {
      readonly kind: 'record-hub';
      readonly hub: HubAddress;
      readonly record: RecordSettings;
      readonly storage: StorageSettings;
    }
  /** A command as it stands, for benchmarks and tests of custody. Its progress is not watched unless it prints any. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly progress: 'ffmpeg' | 'none' };

/** Everything a host needs to start a run. Idempotent by `runKey`. */
export interface RunSpec {
  readonly runKey: RunKey;
  readonly workflowId: string;
  readonly branch: string;
  readonly run: number;
  readonly recipe: Recipe;
  /** No progress for this long ends the run with `stream_timeout`. */
  readonly stallTimeoutMs: number;
  /** Resources no second run may hold at the same time, e.g. `device:/dev/video0`; the branch itself is always locked. */
  readonly locks: readonly string[];
  /** The branch of the same workflow that feeds this one: while that delivers nothing, silence of this run is no stall. */
  readonly fedBy?: string;
}

/** What the process last said of itself. */
export interface RunProgress {
  /** Media time written so far. */
  readonly outTimeMs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly fps: number;
  readonly bitrateKbps: number;
  readonly speed: number;
}

/**
 * Why a run ended.
 * - `failed`: with a cause of the catalogue.
 * - `stopped`: we asked it to.
 * - `ended`: the source said that the show is over.
 * - `cut`: the codec parameters changed; a new run takes up at once and it counts as no failure.
 */
export type RunOutcome = 'failed' | 'stopped' | 'ended' | 'cut';

/** What a run leaves behind. It travels through history: keep it small (under 4 KB). */
export interface RunEnd {
  readonly runKey: RunKey;
  readonly outcome: RunOutcome;
  /** Present when the outcome is `failed`; on a stop, what made us stop it if that is a cause. */
  readonly cause?: MediaCause;
  /** One line for a person: the decisive evidence. */
  readonly detail: string;
  /** The last lines the tool printed, at most 1,500 characters, secrets removed. */
  readonly logTail: string;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** ISO 8601 instants, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** When progress was first seen, or null if never. */
  readonly firstProgressAt: string | null;
  /** From the first progress to the last. */
  readonly healthyMs: number;
  readonly progress: RunProgress | null;
  /** Packets that the hub lost on the way to this reader; absent when nothing counts them. */
  readonly continuityErrors?: number;
}

/**
 * What a host tells the owner of a living run, as the signal `runNews`.
 * - `storage_low`: less is free than the soft watermark; told once for each run.
 */
export interface RunNews {
  readonly runKey: RunKey;
  readonly kind: 'storage_low';
  /** One line for a person. */
  readonly detail: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Details a host sends with each heartbeat of a run; readable with `describe` while it is running. */
export interface RunHeartbeat {
  readonly runKey: RunKey;
  readonly pid: number | null;
  readonly progress: RunProgress | null;
  readonly startedAt: string;
  readonly firstProgressAt: string | null;
  /** Packets that the hub lost on the way to this reader; absent when nothing counts them. */
  readonly continuityErrors?: number;
}

/** The end of a run that was told to stop before there was a process. `at` is an ISO 8601 instant. */
export function endBeforeStart(runKey: RunKey, at: string): RunEnd {
  return {
    runKey,
    outcome: 'stopped',
    detail: 'stopped before it began',
    logTail: '',
    exitCode: null,
    exitSignal: null,
    startedAt: at,
    endedAt: at,
    firstProgressAt: null,
    healthyMs: 0,
    progress: null,
  };
}
