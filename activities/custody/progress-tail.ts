import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { RunProgress } from '../../core/run.js';
import { FfmpegProgressParser } from './progress-parser.js';

/** Read at once; when more was written while nobody looked, only the end is read. */
const READ_BYTES_MAX = 64 * 1024;
/** One for all runs: reading is synchronous, so it is never used twice at a time. */
const BUFFER = Buffer.allocUnsafe(READ_BYTES_MAX);

/** Follows a progress file. Costs one stat while nothing is written. */
export class ProgressTail {
  readonly #path: string;
  readonly #parser = new FfmpegProgressParser();
  #offset = 0;
  #writtenAtMs: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Wall-clock time at which the file was last written, as of the last read; null while it is empty. */
  get writtenAtMs(): number | null {
    return this.#writtenAtMs;
  }

  /** The newest complete block since the last read, or null when there is none. */
  read(): RunProgress | null {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (stats.size < this.#offset) this.restart();
    if (stats.size === this.#offset) return null;
    this.#writtenAtMs = stats.mtimeMs;
    if (stats.size - this.#offset > READ_BYTES_MAX) {
      this.#parser.reset();
      this.#offset = stats.size - READ_BYTES_MAX;
    }
    return this.#parser.push(this.#readFrom(stats.size));
  }

  /** Starts again at the head of the file, after it was cut. */
  restart(): void {
    this.#parser.reset();
    this.#offset = 0;
  }

  #readFrom(size: number): string {
    const descriptor = openSync(this.#path, 'r');
    try {
      const length = readSync(descriptor, BUFFER, 0, size - this.#offset, this.#offset);
      this.#offset += length;
      return BUFFER.toString('latin1', 0, length);
    } finally {
      closeSync(descriptor);
    }
  }
}
