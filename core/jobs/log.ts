import type { JobEvent, JobEventBody } from './events.js';

/** Newest events that are kept. */
export const JOB_EVENTS_KEPT = 1_000;
/** Together in JSON: the log travels through workflow inputs and queries, which take no more than 2 MB. */
export const JOB_LOG_BYTES_MAX = 512 * 1_024;
/** One reading of a log. */
export const JOB_EVENTS_READ_MAX = 500;

/** A bounded log with increasing offsets: the oldest events make room for new ones. */
export class JobLog {
  readonly #events: JobEvent[];
  #bytes: number;
  #lastOffset: number;

  constructor(carried: readonly JobEvent[] = []) {
    this.#events = [...carried];
    this.#bytes = carried.reduce((sum, event) => sum + sizeOf(event), 0);
    this.#lastOffset = carried.at(-1)?.offset ?? 0;
  }

  /** Offset of the oldest event that is kept; 0 while there is none. */
  get firstOffset(): number {
    return this.#events[0]?.offset ?? 0;
  }

  get lastOffset(): number {
    return this.#lastOffset;
  }

  append(body: JobEventBody, time: string): JobEvent {
    const event: JobEvent = { offset: this.#lastOffset + 1, time, body };
    this.#lastOffset = event.offset;
    this.#events.push(event);
    this.#bytes += sizeOf(event);
    // The newest is always kept: it says where the log stands.
    while (
      this.#events.length > 1 &&
      (this.#events.length > JOB_EVENTS_KEPT || this.#bytes > JOB_LOG_BYTES_MAX)
    ) {
      this.#bytes -= sizeOf(this.#events.shift() as JobEvent);
    }
    return event;
  }

  /** Events after an offset, oldest first, at most {@link JOB_EVENTS_READ_MAX}. */
  after(offset: number, limit: number = JOB_EVENTS_READ_MAX): readonly JobEvent[] {
    const start = Math.max(0, offset + 1 - this.firstOffset);
    return this.#events.slice(start, start + limit);
  }

  carry(): readonly JobEvent[] {
    return [...this.#events];
  }
}

function sizeOf(event: JobEvent): number {
  // Characters stand for bytes: the limit is far enough from the one that hurts.
  return JSON.stringify(event).length;
}
