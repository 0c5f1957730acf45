import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunPaths } from '../custody/handler.js';

/** What ffmpeg prints, as a warning, for each picture or sound frame in which packets of MPEG-TS are missing. */
const DAMAGED_FRAME = 'Packet corrupt (';
/** Read at once; a log that grows faster is read on with the next tick. */
const READ_BYTES_MAX = 256 * 1024;
/** Longer lines are none of ffmpeg's; their rest is dropped. */
const PARTIAL_LINE_MAX = 1_024;

interface Memory {
  readonly offset: number;
  readonly errors: number;
}

/**
 * Counts what the hub has lost for a reader: frames with missing packets, as ffmpeg reports them in its log. Costs one stat while nothing is printed. The
 * count is kept in the run's directory, so that a worker that adopts the run goes on with it although custody cuts long logs.
 */
export class ContinuityCounter {
  readonly #log: string;
  readonly #memoryFile: string;
  #offset: number;
  #errors: number;
  #partialLine = '';

  constructor({ runDir, stderrFile }: Pick<RunPaths, 'runDir' | 'stderrFile'>) {
    this.#log = stderrFile;
    this.#memoryFile = join(runDir, 'continuity.json');
    ({ offset: this.#offset, errors: this.#errors } = recall(this.#memoryFile));
  }

  /** As of the last `read`. */
  get errors(): number {
    return this.#errors;
  }

  /** Reads what was printed since the last time and answers the count. Never throws: a log that cannot be read adds nothing. */
  read(): number {
    try {
      this.#readOn();
    } catch {
      // The directory goes with the run; the count stays as it was.
    }
    return this.#errors;
  }

  #readOn(): void {
    const size = statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#offset) this.#startAgain();
    if (size === this.#offset) return;
    const before = this.#errors;
    this.#count(this.#readFrom(Math.min(size - this.#offset, READ_BYTES_MAX)));
    if (this.#errors !== before) this.#keep();
  }

  /** The log was cut: it begins anew. */
  #startAgain(): void {
    this.#offset = 0;
    this.#partialLine = '';
  }

  #count(text: string): void {
    const lines = (this.#partialLine + text).split('\n');
    this.#partialLine = (lines.pop() ?? '').slice(0, PARTIAL_LINE_MAX);
    this.#errors += lines.filter((line) => line.includes(DAMAGED_FRAME)).length;
  }

  #readFrom(bytes: number): string {
    const descriptor = openSync(this.#log, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      const length = readSync(descriptor, buffer, 0, bytes, this.#offset);
      this.#offset += length;
      return buffer.toString('latin1', 0, length);
    } finally {
      closeSync(descriptor);
    }
  }

  #keep(): void {
    const memory: Memory = {
      offset: this.#offset - Buffer.byteLength(this.#partialLine, 'latin1'),
      errors: this.#errors,
    };
    try {
      writeFileSync(this.#memoryFile, JSON.stringify(memory), { mode: 0o600 });
    } catch {
      // A full disk: the count of this worker goes on, only the next one would begin with an older number.
    }
  }
}

function recall(file: string): Memory {
  try {
    const { offset, errors } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Memory>;
    if (typeof offset === 'number' && typeof errors === 'number') return { offset, errors };
  } catch {
    // Nothing was lost yet.
  }
  return { offset: 0, errors: 0 };
}
