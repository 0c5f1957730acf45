import type { SourceConfig } from '../config/source.js';

/** When the breaker of a source opens and for how long. Durations in milliseconds. */
export interface BreakerRules {
  /** Failed cycles in a row that open it. */
  readonly failures: number;
  /** How long it stays open the first time; twice as long each further time. */
  readonly openMs: number;
  /** It stays open no longer than this, unless the interval is longer. */
  readonly maxOpenMs: number;
  /** Interval of the source: being open for less would change nothing. */
  readonly intervalMs: number;
}

/** The rules of a source as configured. */
export function breakerRules({ breaker, every }: Pick<SourceConfig, 'breaker' | 'every'>): BreakerRules {
  return {
    failures: breaker.failures,
    openMs: breaker.open,
    maxOpenMs: breaker.max_open,
    intervalMs: every,
  };
}

/**
 * What a breaker remembers. Plain data without timers: it survives everything that the owner's state survives.
 * - `closed`: every cycle may ask the source.
 * - `open`: nobody asks it before `openUntilMs`.
 * - `half_open`: one cycle with one single attempt is under way.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | (OpenFacts & { readonly state: 'open' | 'half_open' });

interface OpenFacts {
  /** Failed cycles in a row. */
  readonly failures: number;
  /** Times it has opened since it was closed last. */
  readonly openCount: number;
  /** Epoch milliseconds. */
  readonly openUntilMs: number;
}

export const CLOSED: Breaker = { state: 'closed', failures: 0 };
