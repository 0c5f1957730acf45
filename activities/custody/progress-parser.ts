import type { RunProgress } from '../../core/run.js';

/** A line longer than this is no progress line; the rest of it is dropped. */
const LINE_LENGTH_MAX = 1_024;

const MICROSECONDS_PER_MS = 1_000;
const NO_PROGRESS: RunProgress = { outTimeMs: 0, frames: 0, bytes: 0, fps: 0, bitrateKbps: 0, speed: 0 };

/** Reads the key=value blocks that ffmpeg writes with `-progress`. A block counts when its last line is there. */
export class FfmpegProgressParser {
  #partialLine = '';
  #values = new Map<string, string>();
  #last: RunProgress = NO_PROGRESS;

  /** Takes the next piece of the file, cut anywhere, and returns the newest complete block in it. */
  push(text: string): RunProgress | null {
    const lines = (this.#partialLine + text).split('\n');
    this.#partialLine = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
    let newest: RunProgress | null = null;
    for (const line of lines) {
      const separator = line.indexOf('=');
      if (separator < 0) continue;
      const key = line.slice(0, separator).trim();
      this.#values.set(key, line.slice(separator + 1).trim());
      if (key !== 'progress') continue;
      newest = this.#block();
      this.#last = newest;
      this.#values.clear();
    }
    return newest;
  }

  /** Forgets half a line and half a block, because what follows comes from another place. */
  reset(): void {
    this.#partialLine = '';
    this.#values.clear();
  }

  #block(): RunProgress {
    const { outTimeMs, frames, bytes, fps, bitrateKbps, speed } = this.#last;
    return {
      outTimeMs: Math.round(
        this.#number('out_time_us', outTimeMs * MICROSECONDS_PER_MS) / MICROSECONDS_PER_MS,
      ),
      frames: this.#number('frame', frames),
      bytes: this.#number('total_size', bytes),
      fps: this.#number('fps', fps),
      bitrateKbps: this.#number('bitrate', bitrateKbps),
      speed: this.#number('speed', speed),
    };
  }

  /** Units are cut off (`812.3kbits/s`, `1.01x`); what ffmpeg does not know (`N/A`) is as before; time before the start is 0. */
  #number(key: string, before: number): number {
    const value = Number.parseFloat(this.#values.get(key) ?? '');
    return Number.isFinite(value) ? Math.max(0, value) : before;
  }
}

/** True when anything has moved: media time may jump at a discontinuity, so any change counts. */
export function hasAdvanced(before: RunProgress | null, now: RunProgress): boolean {
  const reference = before ?? NO_PROGRESS;
  return (
    now.outTimeMs !== reference.outTimeMs || now.frames !== reference.frames || now.bytes !== reference.bytes
  );
}
