/** How politely one site is asked. */
export interface LimiterSettings {
  /** Resolves of one site at the same time. */
  readonly concurrency: number;
  /** Between the starts of two resolves of one site. */
  readonly minSpacingMs: number;
  /** A resolve that would wait longer is refused, so that it does not hold an activity slot. */
  readonly maxWaitMs: number;
  /** A resolve that runs longer no longer counts: whatever hangs must not hold the site for the others. */
  readonly leaseMs: number;
  /** Pause after the first block; it doubles with each further one. */
  readonly pauseFirstMs: number;
  readonly pauseMaxMs: number;
  /** A site's own Retry-After is obeyed up to here. */
  readonly retryAfterMaxMs: number;
  /** When to come again after a refusal for want of a free place. */
  readonly busyRetryMs: number;
}

export const DEFAULT_LIMITER_SETTINGS: LimiterSettings = {
  concurrency: 2,
  minSpacingMs: 500,
  maxWaitMs: 20_000,
  leaseMs: 90_000,
  pauseFirstMs: 120_000,
  pauseMaxMs: 1_800_000,
  retryAfterMaxMs: 86_400_000,
  busyRetryMs: 5_000,
};

/** Added to a pause at random, as a share of it: never shorter than asked for, and not all streams at one moment. */
export const JITTER_SHARE = 0.2;
