import type { RunProgress } from '../../core/run.js';

/** Rates over less than this jump about too much to be shown. */
const WINDOW_MS_MIN = 4_000;

interface Mark {
  readonly atMs: number;
  readonly frames: number;
  readonly bytes: number;
}

/**
 * What people want to see of a run: rates of the last moments instead of ffmpeg's averages since its start, and the bytes
 * on disk, which ffmpeg does not count when it writes segments.
 */
export class RecentFigures {
  #mark: Mark | null = null;
  #rates: { readonly fps: number; readonly bitrateKbps: number } | null = null;

  /** `bytesWritten` is what the handler of the run knows, or undefined. */
  of(progress: RunProgress | null, bytesWritten: number | undefined, nowMs: number): RunProgress | null {
    if (progress === null) return null;
    const bytes = bytesWritten ?? progress.bytes;
    this.#measure({ atMs: nowMs, frames: progress.frames, bytes });
    return { ...progress, bytes, ...this.#rates };
  }

  #measure(now: Mark): void {
    const before = this.#mark;
    if (before === null) {
      this.#mark = now;
      return;
    }
    const elapsedMs = now.atMs - before.atMs;
    if (elapsedMs < WINDOW_MS_MIN) return;
    this.#mark = now;
    this.#rates = {
      fps: Math.max(0, ((now.frames - before.frames) * 1_000) / elapsedMs),
      bitrateKbps: Math.max(0, ((now.bytes - before.bytes) * 8) / elapsedMs),
    };
  }
}
