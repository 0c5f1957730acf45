/** A tool may look at its input for a moment before it says anything, on top of the time that a source has to deliver. */
export const FIRST_PROGRESS_GRACE_MS = 1_500;

/** Tells when a run has made no progress for too long. Times come from a monotonic clock, in milliseconds. */
export class StallClock {
  readonly #timeoutMs: number;
  #graceMs = FIRST_PROGRESS_GRACE_MS;
  /** Evidence counts from here, which may lie before this worker took over. */
  #quietSinceMs: number;
  /** A verdict needs the whole timeout under our own eyes: while no worker was there, nobody saw what was missing. */
  #watchedSinceMs: number;

  constructor(timeoutMs: number, nowMs: number, quietForMs = 0) {
    this.#timeoutMs = timeoutMs;
    this.#watchedSinceMs = nowMs;
    this.#quietSinceMs = nowMs - Math.max(0, quietForMs);
  }

  advanced(nowMs: number): void {
    this.#graceMs = 0;
    this.#quietSinceMs = nowMs;
    this.#watchedSinceMs = nowMs;
  }

  /** Nothing can move for now, through no fault of the run: the whole timeout counts from here. */
  hold(nowMs: number): void {
    this.#quietSinceMs = nowMs;
    this.#watchedSinceMs = nowMs;
  }

  /** For how long nothing has moved, once that is too long; null before. */
  stalledForMs(nowMs: number): number | null {
    return nowMs - this.#watchedSinceMs >= this.#timeoutMs + this.#graceMs
      ? nowMs - this.#quietSinceMs
      : null;
  }
}
