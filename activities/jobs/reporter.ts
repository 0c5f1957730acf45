import { setTimeout as sleep } from 'node:timers/promises';
import type { JobReport, ReportEntry } from '../../core/jobs/index.js';
import { ReportQueue } from './report-queue.js';

/** Each report makes the history of the job longer. */
const REPORT_INTERVAL_MS = 1_000;
/** After a report that could not be sent. */
const RETRY_MS = 1_000;
/** The end of a step waits so long for its last words; the artifacts go with its result in any case. */
const CLOSE_MAX_MS = 10_000;

export interface ReporterOptions extends Pick<JobReport, 'step' | 'attempt' | 'host'> {
  /** Rejects when the report could not be sent; it is tried again. */
  readonly send: (report: JobReport) => Promise<void>;
}

/** Sends what a step has to tell: in order, one report at a time, at most one a second. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #queue = new ReportQueue();
  #number = 0;
  #notBeforeMs = 0;
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  tell(entry: ReportEntry): void {
    if (this.#closed) return;
    this.#queue.add(entry, Date.now());
    this.#sending ??= this.#sendAll();
  }

  /** Sends what is left, as far as that is possible in some seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#notBeforeMs = 0;
    const enough = new AbortController();
    await Promise.race([
      this.#sending ?? Promise.resolve(),
      sleep(CLOSE_MAX_MS, undefined, { signal: enough.signal }).catch(() => undefined),
    ]);
    enough.abort();
    this.#queue.drop();
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      await this.#pause();
      const entries = this.#queue.take();
      if (entries.length === 0) break;
      const { send, ...facts } = this.#options;
      const report = { ...facts, number: (this.#number += 1), entries };
      await this.#sendUntilTaken(() => send(report));
      this.#notBeforeMs = this.#closed ? 0 : Date.now() + REPORT_INTERVAL_MS;
    }
    this.#sending = null;
  }

  /** Waits for the next report's turn, in short pieces: a step that ends does not wait for it. */
  async #pause(): Promise<void> {
    while (!this.#closed && Date.now() < this.#notBeforeMs && !this.#queue.isDropped) {
      await sleep(Math.min(100, this.#notBeforeMs - Date.now() + 1), undefined, { ref: false });
    }
  }

  async #sendUntilTaken(send: () => Promise<void>): Promise<void> {
    while (!this.#queue.isDropped) {
      try {
        return await send();
      } catch {
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }
}
