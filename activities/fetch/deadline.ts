import { AttemptFailure } from './attempt-failure.js';

/** One limit over a whole chain of requests, joined with the signal of whoever asks. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #passOn = (): void => this.#controller.abort(this.#caller?.reason);

  constructor(limitMs: number, caller: AbortSignal | undefined) {
    this.#caller = caller;
    this.#timer = setTimeout(() => {
      this.#controller.abort(new AttemptFailure('timeout', `no complete answer within ${limitMs} ms`));
    }, limitMs);
    if (caller?.aborted === true) this.#passOn();
    caller?.addEventListener('abort', this.#passOn, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Must be called: a timer and a listener hang on it. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#passOn);
  }
}
