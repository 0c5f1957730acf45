/** What a read has brought, or that it failed; and until when that is given out. */
type Outcome<Value> = (
  { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'error'; readonly error: unknown }
) & { readonly freshUntilMs: number };

interface RunningRead<Value> {
  readonly sinceMs: number;
  readonly outcome: Promise<Outcome<Value>>;
}

export interface CachedReadOptions {
  /** What has been read is given out for this long; an error as well, so that what is away is not asked without end. */
  readonly maxAgeMs: number;
  /** Nobody waits longer than this for one read. */
  readonly timeoutMs: number;
  /** What is costly to read is given out for ten times as long as it took to read, if that is longer. */
  readonly isCostly?: boolean;
}

/** Costly reading must not be what this process does most of the time. */
const REST_PER_READING = 10;
/** A read that hangs for longer than this is given up, and another one begins. */
const ABANDON_AFTER_MS = 60_000;

/** A read took longer than anybody waits for it. */
export class TooSlowError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} s`);
    this.name = 'TooSlowError';
  }
}

/** A read that many ask for: one at a time, remembered for a moment, and nobody waits for it without end. */
export class CachedRead<Value> {
  readonly #read: () => Promise<Value>;
  readonly #options: CachedReadOptions;
  #last: Outcome<Value> | undefined;
  #running: RunningRead<Value> | undefined;

  constructor(read: () => Promise<Value>, options: CachedReadOptions) {
    this.#read = read;
    this.#options = options;
  }

  /** Throws what the read throws, or a {@link TooSlowError}. */
  async get(): Promise<Value> {
    const { timeoutMs } = this.#options;
    const fresh = this.#last !== undefined && performance.now() < this.#last.freshUntilMs;
    const outcome = fresh ? this.#last : await this.#within(timeoutMs);
    if (outcome === undefined) throw new TooSlowError(timeoutMs);
    if (outcome.kind === 'error') throw outcome.error;
    return outcome.value;
  }

  /** The outcome of the read that is under way, or of a new one; undefined when it takes longer than that in all. */
  async #within(timeoutMs: number): Promise<Outcome<Value> | undefined> {
    const { sinceMs, outcome } = this.#underWay() ?? this.#start();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), Math.max(sinceMs + timeoutMs - performance.now(), 0));
    });
    try {
      return await Promise.race([outcome, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #underWay(): RunningRead<Value> | undefined {
    const running = this.#running;
    return running === undefined || performance.now() - running.sinceMs > ABANDON_AFTER_MS
      ? undefined
      : running;
  }

  #start(): RunningRead<Value> {
    const running = { sinceMs: performance.now(), outcome: this.#readOnce() };
    this.#running = running;
    void running.outcome.then((ended) => {
      this.#last = ended;
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }

  async #readOnce(): Promise<Outcome<Value>> {
    const sinceMs = performance.now();
    const freshUntilMs = (): number => {
      const nowMs = performance.now();
      const { maxAgeMs, isCostly } = this.#options;
      return nowMs + Math.max(maxAgeMs, isCostly === true ? (nowMs - sinceMs) * REST_PER_READING : 0);
    };
    try {
      return { kind: 'value', value: await this.#read(), freshUntilMs: freshUntilMs() };
    } catch (error) {
      return { kind: 'error', error, freshUntilMs: performance.now() + this.#options.maxAgeMs };
    }
  }
}
