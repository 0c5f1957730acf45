import type { MediaCause } from './causes.js';

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

/** What a run does. The host turns it into processes. */
export type Recipe =
  | { readonly kind: 'record-source'; readonly media: MediaSource; readonly record: RecordSettings }
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
  /** Present when the outcome is `failed`. */
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
}

/** Details a host sends with each heartbeat of a run; readable with `describe` while it is running. */
export interface RunHeartbeat {
  readonly runKey: RunKey;
  readonly pid: number | null;
  readonly progress: RunProgress | null;
  readonly startedAt: string;
  readonly firstProgressAt: string | null;
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
