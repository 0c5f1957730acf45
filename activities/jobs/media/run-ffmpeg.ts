import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { classify } from '../../../core/classify/index.js';
import type { RunProgress } from '../../../core/run.js';
import { FfmpegProgressParser } from '../../custody/progress-parser.js';
import { StepFailure } from '../step-failure.js';

export interface FfmpegRun {
  readonly ffmpegPath: string;
  /** Everything after the general options. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Takes what is written to `pipe:1`. */
  readonly onOutput?: (bytes: Buffer) => void;
  /** A file that ffmpeg writes: while it changes, ffmpeg works, whatever it tells. */
  readonly outputFile?: string;
}

/** The last words of ffmpeg: the reason of a failure is among them. */
const LOG_LENGTH_MAX = 16_384;
/** Moving the header of a large file to its start is silent, but not this long. */
const STALL_MS = 300_000;
const STALL_CHECK_MS = 5_000;
const PROGRESS_DESCRIPTOR = 3;

const GENERAL = ['-nostdin', '-hide_banner', '-loglevel', 'repeat+level+warning', '-y'];
const PROGRESS = ['-nostats', '-progress', `pipe:${PROGRESS_DESCRIPTOR}`, '-stats_period', '0.5'];

/**
 * Runs ffmpeg to its end. It dies with the worker, so that a later attempt is alone, and leaves the processor to recordings.
 * @throws {StepFailure} with a cause of the failure catalogue
 */
export async function runFfmpeg(run: FfmpegRun): Promise<void> {
  run.signal.throwIfAborted();
  const child = startChild(run);
  const alive = new LifeSigns(run.outputFile);
  const log = readStreams(child, run, () => alive.note());
  let stalled = false;
  const timer = setInterval(() => {
    void alive.silentMs().then((silentMs) => {
      if (silentMs < STALL_MS) return;
      stalled = true;
      child.kill('SIGKILL');
    });
  }, STALL_CHECK_MS);
  const abort = (): void => void child.kill('SIGKILL');
  run.signal.addEventListener('abort', abort);
  try {
    const end = await endOf(child);
    run.signal.throwIfAborted();
    if (end.exitCode !== 0)
      throw failureOf({ ...end, text: log(), ...(stalled ? { stalledForMs: STALL_MS } : {}) });
  } finally {
    clearInterval(timer);
    run.signal.removeEventListener('abort', abort);
  }
}

function startChild(run: FfmpegRun): ChildProcess {
  const [program, ...args] = [
    ['setpriv', '--pdeathsig', 'KILL', 'nice', '-n', '10', run.ffmpegPath],
    GENERAL,
    PROGRESS,
    run.args,
  ].flat() as [string, ...string[]];
  return spawn(program, args, {
    stdio: ['ignore', run.onOutput === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LANG: 'C.UTF-8', TZ: 'UTC' },
  });
}

/** Hands on what comes, and keeps the end of the log. */
function readStreams(child: ChildProcess, run: FfmpegRun, note: () => void): () => string {
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-LOG_LENGTH_MAX);
  });
  const parser = new FfmpegProgressParser();
  const last = new LastProgress();
  (child.stdio[PROGRESS_DESCRIPTOR] as Readable).setEncoding('utf8').on('data', (text: string) => {
    const progress = parser.push(text);
    if (progress === null) return;
    if (last.changed(progress)) note();
    run.onProgress?.(progress);
  });
  child.stdout?.on('data', (bytes: Buffer) => {
    note();
    run.onOutput?.(bytes);
  });
  return () => log;
}

/** ffmpeg repeats its figures while it hangs. */
class LastProgress {
  #last = '';

  changed({ outTimeMs, frames, bytes }: RunProgress): boolean {
    const now = `${outTimeMs} ${frames} ${bytes}`;
    const changed = now !== this.#last;
    this.#last = now;
    return changed;
  }
}

/** When something last moved. */
class LifeSigns {
  readonly #file: string | undefined;
  #lastMs = performance.now();
  #writtenMs = 0;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  note(): void {
    this.#lastMs = performance.now();
  }

  async silentMs(): Promise<number> {
    const stats = this.#file === undefined ? null : await stat(this.#file).catch(() => null);
    if (stats !== null && stats.mtimeMs !== this.#writtenMs) {
      this.#writtenMs = stats.mtimeMs;
      this.note();
    }
    return performance.now() - this.#lastMs;
  }
}

interface ChildEnd {
  readonly exitCode: number | null;
  readonly exitSignal: NodeJS.Signals | null;
  readonly spawnErrorCode?: string;
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ exitCode: null, exitSignal: null, spawnErrorCode: error.code ?? 'unknown' }),
    );
    child.once('close', (exitCode, exitSignal) => resolve({ exitCode, exitSignal }));
  });
}

function failureOf(end: ChildEnd & { readonly text: string; readonly stalledForMs?: number }): StepFailure {
  const { cause, detail, disposition } = classify({ ...end, tool: 'ffmpeg', role: 'storage' });
  const known = cause === 'benign' ? 'unknown' : cause;
  const status = end.exitSignal ?? (end.exitCode === null ? 'no exit status' : `status ${end.exitCode}`);
  return new StepFailure(known, detail || `ffmpeg ended with ${status}`, disposition !== 'fatal');
}
