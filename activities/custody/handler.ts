import type { Evidence } from '../../core/evidence.js';
import type { RunEnd, RunNews, RunProgress, RunSpec } from '../../core/run.js';

/** One process of a run. Its stdout feeds the next stage; the last stage's exit status is the run's. */
export interface Stage {
  /** Program and arguments, ready to run: secrets expanded, paths absolute. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Where a run keeps its files. All absolute. */
export interface RunPaths {
  /** `<data_dir>/runs/<escaped run key>/`: belongs to custody; handlers may add files of their own. */
  readonly runDir: string;
  /** Appended to by every stage on fd 2. */
  readonly stderrFile: string;
  /** Appended to by the last stage on fd 3 (`-progress pipe:3`). */
  readonly progressFile: string;
  /** Appended to by the last stage on fd 4, e.g. `-segment_list pipe:4`. */
  readonly eventsFile: string;
  /** Appended to by the first stage on fd 5: JSON lines of our own reader. */
  readonly readerFile: string;
}

/** How a run's recipe becomes processes. */
export interface RunPlan {
  readonly stages: readonly Stage[];
  /** Working directory of the stages. */
  readonly cwd: string;
  /** How progress is read: ffmpeg's key=value blocks, or not at all (then stalls cannot be seen). */
  readonly progress: 'ffmpeg' | 'none';
  /** Secret values that must not appear in evidence or logs. */
  readonly secrets: readonly string[];
}

/** A run that the custodian has started or adopted. */
export interface WatchedRun {
  readonly spec: RunSpec;
  readonly paths: RunPaths;
  readonly plan: RunPlan;
  /** ISO 8601 instant at which the process was started (kept over adoption). */
  readonly startedAt: string;
}

/** Follows one run while it lives. Made anew when a run is adopted: everything it needs must be on disk. */
export interface RunWatcher {
  /** Called about every second while the process lives, with the newest progress and the wall-clock time it was written. Never throws. */
  tick(progress: RunProgress | null, progressAtMs: number | null): Promise<void>;
  /** Bytes of media on disk so far, where the program itself cannot say (ffmpeg does not count what goes into segments). */
  bytesWritten?(): number;
  /** Packets that the hub lost on the way to this run, as far as it knows. */
  continuityErrors?(): number;
  /** Evidence that the run must end now although its process would go on, e.g. a disk that is nearly full; null otherwise. Asked after each tick. */
  mustEnd?(): Evidence | null;
  /** News for the owner, each once; null when there is none. Asked after each tick; delivered to the workflow as the signal `runNews`. */
  takeNews?(): Pick<RunNews, 'kind' | 'detail'> | null;
  /** The process was asked to end and is still there: whatever it waits for in deaf silence may be given to it. Called again and again; never throws. */
  wake?(): void;
  /** Facts beyond exit status and log tail, read once when the process has ended. Must be quick (under 200 ms). */
  collectEvidence(): Promise<Evidence>;
  /** Closes what the run has written (segments, manifest). Called after the process has ended, possibly again after a crash of the worker: idempotent. */
  finalize(end: RunEnd): Promise<void>;
}

/** What makes a recipe run: one handler for each kind of recipe. */
export interface RunHandler {
  /** Throws a `PlanError` when the run cannot be started at all. */
  plan(spec: RunSpec, paths: RunPaths): Promise<RunPlan>;
  watch(run: WatchedRun): RunWatcher;
}

/** The run cannot be started: the cause is known before there is a process. */
export class PlanError extends Error {
  readonly evidence: Evidence;
  constructor(message: string, evidence: Evidence) {
    super(message);
    this.name = 'PlanError';
    this.evidence = evidence;
  }
}
