import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../custody/project-root.js';
import { parseBody, type ParseInput, type ParseOutcome } from './parse-body.js';

/** Larger documents are read apart: one of this size takes at most some 40 ms, in which nobody else gets anything done. */
const APART_BYTES = 262_144;
/** A document that takes longer is made to. The largest that mean something take about a second. */
const TIME_MAX_MS = 20_000;
/** The worst documents of 15 MiB take about half of it. */
const MEMORY_MAX_MB = 1_024;
/** The thread ends when it has had nothing to do for this long: until then it keeps the memory that a large document took. */
const IDLE_MS = 2_000;

interface Waiting {
  readonly input: ParseInput;
  readonly resolve: (outcome: ParseOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface ParserOptions {
  /** Time for one document, in milliseconds. */
  readonly timeMaxMs?: number;
  /** Memory for one document, in MiB. */
  readonly memoryMaxMb?: number;
}

/**
 * Reads documents; large ones on a thread of its own, one at a time and the smaller ones first, so that what one site sends keeps
 * nobody else waiting.
 */
export class Parser {
  readonly #timeMaxMs: number;
  readonly #memoryMaxMb: number;
  readonly #waiting: Waiting[] = [];
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor({ timeMaxMs = TIME_MAX_MS, memoryMaxMb = MEMORY_MAX_MB }: ParserOptions = {}) {
    this.#timeMaxMs = timeMaxMs;
    this.#memoryMaxMb = memoryMaxMb;
  }

  /** As `parseBody`; a document that takes too much time or memory is a `parse_error`. */
  async parse(input: ParseInput): Promise<ParseOutcome> {
    const bytes = input.body.length;
    if (bytes < APART_BYTES || input.parse.kind === 'raw') return parseBody(input);
    return await new Promise((resolve, reject) => {
      const larger = this.#waiting.findIndex((other) => other.input.body.length > bytes);
      this.#waiting.splice(larger === -1 ? this.#waiting.length : larger, 0, { input, resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#idle);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#parseApart(next.input).then(next.resolve, next.reject);
    }
    this.#isBusy = false;
    this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
  }

  async #parseApart(input: ParseInput): Promise<ParseOutcome> {
    const thread = (this.#thread ??= startThread(this.#memoryMaxMb));
    thread.ref();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ParseOutcome>((resolve, reject) => {
        timer = setTimeout(() => {
          resolve(failed(`it cannot be read within ${this.#timeMaxMs / 1_000} s`));
          this.#end();
        }, this.#timeMaxMs);
        thread.once('message', resolve);
        thread.once('error', (error: NodeJS.ErrnoException) => {
          this.#thread = null;
          if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
          else resolve(failed(`it cannot be read in ${this.#memoryMaxMb} MiB of memory`));
        });
        thread.postMessage(input, []);
      });
    } finally {
      clearTimeout(timer);
      thread.removeAllListeners('message').removeAllListeners('error');
      thread.unref();
    }
  }

  #end(): void {
    void this.#thread?.terminate();
    this.#thread = null;
  }
}

function startThread(maxOldGenerationSizeMb: number): Worker {
  const program = join(projectRoot(), 'dist', 'activities', 'parse', 'parse-thread.js');
  return new Worker(program, { resourceLimits: { maxOldGenerationSizeMb } });
}

function failed(detail: string): ParseOutcome {
  return { kind: 'failed', cause: 'parse_error', detail };
}
