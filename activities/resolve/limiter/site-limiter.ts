import { IDLE_LIMITER, step, type LeaseOutcome, type LimiterEvent, type LimiterState } from './state.js';
import { DEFAULT_LIMITER_SETTINGS, type LimiterSettings } from './settings.js';

/** Sites remembered at the same time; beyond that, idle ones are forgotten. */
const SITES_MAX = 1_000;
/** A tick a little late does no harm, one too early would come twice. */
const TIMER_MARGIN_MS = 1;

/** What a task under a lease says of the site. */
export interface TaskReport<T> {
  readonly value: T;
  readonly outcome: LeaseOutcome;
  /** From the site's own `Retry-After`. */
  readonly retryAfterMs?: number;
  /** `retryAfterMs` is taken at its word, however often the site has blocked us. */
  readonly isAsAsked?: boolean;
}

export type LimitedResult<T> =
  | {
      readonly kind: 'ran';
      readonly value: T;
      /** The site is left alone for this long, 0 when it is not blocked. */
      readonly pausedForMs: number;
    }
  | {
      readonly kind: 'refused';
      readonly retryAfterMs: number;
      /** True when the site has a pause, false when only its places are taken. */
      readonly isPaused: boolean;
    };

interface Site {
  state: LimiterState;
  timer: NodeJS.Timeout | undefined;
  readonly answers: Map<number, (verdict: 'granted' | { retryAfterMs: number }) => void>;
}

export interface SiteLimiterOptions {
  readonly settings?: Partial<LimiterSettings>;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
}

/** One limiter for all streams of a worker process: each site has its own places, spacing and pause. */
export class SiteLimiter {
  readonly #settings: LimiterSettings;
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #sites = new Map<string, Site>();
  #lastId = 0;

  constructor({
    settings = {},
    nowMs = () => performance.now(),
    random = Math.random,
  }: SiteLimiterOptions = {}) {
    this.#settings = { ...DEFAULT_LIMITER_SETTINGS, ...settings };
    this.#nowMs = nowMs;
    this.#random = random;
  }

  /**
   * Runs `task` when the site has a place, or refuses when that would take longer than the longest wait.
   * @throws what `task` throws, and the signal's reason when it is aborted while waiting.
   */
  async run<T>(
    siteName: string,
    signal: AbortSignal,
    task: () => Promise<TaskReport<T>>,
  ): Promise<LimitedResult<T>> {
    const id = ++this.#lastId;
    const site = this.#site(siteName);
    const verdict = await this.#place(site, id, signal);
    if (verdict !== 'granted') return { kind: 'refused', ...verdict, isPaused: this.#pauseLeftMs(site) > 0 };
    try {
      const { value, ...report } = await task();
      this.#take(site, { kind: 'release', id, ...report });
      return { kind: 'ran', value, pausedForMs: this.#pauseLeftMs(site) };
    } catch (error) {
      this.#take(site, { kind: 'release', id, outcome: 'failed' });
      throw error;
    }
  }

  async #place(site: Site, id: number, signal: AbortSignal) {
    signal.throwIfAborted();
    let giveUp = () => {};
    try {
      return await new Promise<'granted' | { retryAfterMs: number }>((resolve, reject) => {
        giveUp = () => {
          reject(signal.reason as Error);
          this.#take(site, { kind: 'withdraw', id });
        };
        signal.addEventListener('abort', giveUp, { once: true });
        site.answers.set(id, resolve);
        this.#take(site, { kind: 'request', id });
      });
    } finally {
      site.answers.delete(id);
      signal.removeEventListener('abort', giveUp);
    }
  }

  #pauseLeftMs(site: Site): number {
    return Math.max(0, Math.ceil(site.state.pausedUntilMs - this.#nowMs()));
  }

  #take(site: Site, event: LimiterEvent): void {
    const context = { nowMs: this.#nowMs(), random: this.#random(), settings: this.#settings };
    const { state, decisions, wakeAtMs } = step(site.state, event, context);
    site.state = state;
    clearTimeout(site.timer);
    if (wakeAtMs !== null) {
      const delayMs = Math.ceil(wakeAtMs - context.nowMs) + TIMER_MARGIN_MS;
      site.timer = setTimeout(() => this.#take(site, { kind: 'tick' }), delayMs);
    }
    for (const decision of decisions) {
      const answer = site.answers.get(decision.id);
      answer?.(decision.kind === 'grant' ? 'granted' : { retryAfterMs: decision.retryAfterMs });
    }
  }

  #site(name: string): Site {
    let site = this.#sites.get(name);
    if (site === undefined) {
      if (this.#sites.size >= SITES_MAX) this.#forgetIdleSites();
      site = { state: IDLE_LIMITER, timer: undefined, answers: new Map() };
      this.#sites.set(name, site);
    }
    return site;
  }

  #forgetIdleSites(): void {
    const nowMs = this.#nowMs();
    for (const [name, { state }] of this.#sites) {
      const isIdle = state.active.length === 0 && state.waiting.length === 0;
      if (isIdle && Math.max(state.pausedUntilMs, state.nextStartAtMs) <= nowMs) this.#sites.delete(name);
    }
  }
}
