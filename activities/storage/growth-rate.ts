/** What happened longer ago says little about the coming minutes. */
const WINDOW_MS = 60_000;
/** A shorter look takes the burst at the start of a recording for its bitrate. */
const MEASURED_MIN_MS = 5_000;

interface Step {
  readonly endMs: number;
  readonly lengthMs: number;
  readonly bytes: number;
}

/** How fast a recording grows, over the last minute in which it did: a feed that pauses makes no bitrate smaller. */
export class GrowthRate {
  #steps: Step[] = [];
  #lastMs = 0;
  #lastBytes = 0;

  /** Notes how large the recording is. Call it about every second. */
  note(bytes: number, nowMs: number): void {
    const grownBytes = bytes - this.#lastBytes;
    const lengthMs = nowMs - this.#lastMs;
    // A worker that adopts a recording finds all of it at once.
    const isFirst = this.#lastBytes === 0;
    this.#lastMs = nowMs;
    this.#lastBytes = bytes;
    if (isFirst || grownBytes <= 0 || lengthMs <= 0) return;
    this.#steps.push({ endMs: nowMs, lengthMs, bytes: grownBytes });
    this.#steps = this.#steps.filter(({ endMs }) => nowMs - endMs < WINDOW_MS);
  }

  /** Null until the recording has grown for a while. */
  get bytesPerSecond(): number | null {
    const measuredMs = this.#steps.reduce((sum, step) => sum + step.lengthMs, 0);
    if (measuredMs < MEASURED_MIN_MS) return null;
    return (this.#steps.reduce((sum, step) => sum + step.bytes, 0) / measuredMs) * 1_000;
  }
}
