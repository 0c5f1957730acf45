/** What people want of an instance. */
export type Wish = 'run' | 'pause' | 'stop';

/**
 * Signals turned into state. Several signals may arrive before the workflow looks, so it models what is wanted now,
 * not the edges: `pause` then `resume` ends as running, and nothing outranks `stop`.
 */
export class Control {
  #wish: Wish;
  #restartWanted = false;
  #interrupts = 0;

  constructor(wish: Wish = 'run') {
    this.#wish = wish;
  }

  get wish(): Wish {
    return this.#wish;
  }

  /** Grows with every message that must end a wait. */
  get interrupts(): number {
    return this.#interrupts;
  }

  /** The current run must end: somebody wants a stop or pause, or a new configuration needs a new run. */
  get runMustEnd(): boolean {
    return this.#wish !== 'run' || this.#restartWanted;
  }

  /** Why the current run has to end, for the log of the host. */
  get endReason(): string {
    return this.#wish === 'run' ? 'new configuration' : `${this.#wish} requested`;
  }

  stop(): void {
    this.#wish = 'stop';
    this.#interrupts += 1;
  }

  pause(): void {
    if (this.#wish === 'stop') return;
    this.#wish = 'pause';
    this.#interrupts += 1;
  }

  resume(): void {
    if (this.#wish === 'stop') return;
    this.#wish = 'run';
    this.#interrupts += 1;
  }

  /** Also lifts a pause: whoever says retry wants it to run. */
  retry(): void {
    this.resume();
  }

  restart(): void {
    this.#restartWanted = true;
    this.#interrupts += 1;
  }

  /** The next run takes the new configuration up. */
  restartTaken(): void {
    this.#restartWanted = false;
  }
}
