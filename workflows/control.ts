import type { MediaCause } from '../core/causes.js';
import type { State } from '../core/states.js';

/** What people want of an instance. */
export type Wish = 'run' | 'pause' | 'stop';

/** Why it has to stop, in words, and the cause behind that when it is not a person's wish. */
export interface StopReason {
  readonly detail: string;
  readonly cause?: MediaCause;
}

const ASKED: StopReason = { detail: 'stop requested' };

/** Something outside keeps a branch from running: what it waits for, and why in words. */
export interface Hold {
  readonly state: Extract<State, 'waiting_signal'>;
  readonly cause: MediaCause;
  readonly detail: string;
}

/**
 * Signals turned into state. Several signals may arrive before the workflow looks, so it models what is wanted now,
 * not the edges: `pause` then `resume` ends as running, and nothing outranks `stop`.
 */
export class Control {
  #wish: Wish;
  #stopReason = ASKED;
  #restartWanted = false;
  #interrupts = 0;
  #hold: Hold | null = null;
  /** `interrupts` when the workflow was about to leave; null before. */
  #interruptsAtLeave: number | null = null;

  constructor(wish: Wish = 'run', hold: Hold | null = null) {
    this.#wish = wish;
    this.#hold = hold;
  }

  get hold(): Hold | null {
    return this.#hold;
  }

  /** The workflow is about to continue as new: runs are left as they are, waits end and are taken up again. */
  get leaving(): boolean {
    return this.#interruptsAtLeave !== null;
  }

  /** Something was asked for when every wait had ended already: the next execution must not take the wait up again. */
  get interruptedWhileLeaving(): boolean {
    return this.#interruptsAtLeave !== null && this.#interrupts !== this.#interruptsAtLeave;
  }

  get wish(): Wish {
    return this.#wish;
  }

  /** Grows with every message that must end a wait. */
  get interrupts(): number {
    return this.#interrupts;
  }

  /** The current run must end: somebody wants a stop or pause, a new configuration needs a new run, or it is held back. */
  get runMustEnd(): boolean {
    return this.#wish !== 'run' || this.#restartWanted || this.#hold !== null;
  }

  /** Why the current run has to end, for the log of the host. */
  get endReason(): string {
    if (this.#wish === 'stop') return this.#stopReason.detail;
    if (this.#wish === 'pause') return 'pause requested';
    return this.#hold?.detail ?? 'new configuration';
  }

  /** The cause behind a hold or a stop; people's wishes have none. */
  get endCause(): MediaCause | undefined {
    if (this.#wish === 'stop') return this.#stopReason.cause;
    return this.#wish === 'run' ? this.#hold?.cause : undefined;
  }

  stop(reason = ASKED): void {
    // What stopped it first is why it stops.
    if (this.#wish !== 'stop') this.#stopReason = reason;
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

  /** Ends the run and every wait, and keeps the branch from running until `release`. */
  holdBack(hold: Hold): void {
    this.#hold = hold;
    this.#interrupts += 1;
  }

  release(): void {
    if (this.#hold === null) return;
    this.#hold = null;
    this.#interrupts += 1;
  }

  /** Ends a wait: whatever is waited for is tried at once. */
  interrupt(): void {
    this.#interrupts += 1;
  }

  leave(): void {
    this.#interruptsAtLeave ??= this.#interrupts;
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
