/** Lets so many be at work at a time; the others wait, the first come first. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Works when it is our turn. Whoever is no longer wanted before it was, does not begin at all. */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#place(signal);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  async #place(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const mine = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(mine);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
