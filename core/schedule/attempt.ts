import type { Breaker } from '../breaker/index.js';
import { placeWithin } from './phase.js';
import { nextTickMs, type Schedule } from './ticks.js';

/** However short the wait that a site asks for, it is not asked again sooner than this (or the interval, if shorter). */
const DEFERRAL_MIN_MS = 60_000;
/** Sources that come back together after we were away are spread over this much time, or the interval if shorter. */
const RETURN_WITHIN_MS = 60_000;
/** Servers may ask for a longer interval, but not for one that makes a source useless. */
const HINT_MAX_MS = 86_400_000;

export interface Waiting {
  readonly schedule: Schedule;
  readonly breaker: Breaker;
  /** When the last cycle began; null before the first one. Epoch milliseconds, as everywhere here. */
  readonly lastBeganMs: number | null;
  /** Until when the site asked us to stay away in the last cycle; null when it did not. */
  readonly deferredUntilMs: number | null;
}

/** When the next cycle begins: at once the first time, then by breaker, deferral or tick. Epoch milliseconds. */
export function nextAttemptMs(waiting: Waiting, nowMs: number): number {
  const { schedule, breaker, lastBeganMs, deferredUntilMs } = waiting;
  const allowedMs = Math.max(
    breaker.state === 'open' ? breaker.openUntilMs : 0,
    deferredUntilMs === null ? 0 : deferralEndMs(waiting, deferredUntilMs),
  );
  if (lastBeganMs === null || allowedMs > 0) return Math.max(allowedMs, nowMs);
  return nextTickMs(schedule, nowMs, lastBeganMs);
}

function deferralEndMs({ schedule, lastBeganMs }: Waiting, untilMs: number): number {
  return Math.max(untilMs, (lastBeganMs ?? 0) + Math.min(DEFERRAL_MIN_MS, schedule.intervalMs));
}

/**
 * When to begin a cycle whose instant has long passed because no worker was there. However many ticks were missed, this is one
 * cycle; sources are spread so that they do not all begin in the second in which a worker comes back. Epoch milliseconds.
 */
export function returnAtMs({ id, intervalMs }: Schedule, nowMs: number): number {
  return nowMs + placeWithin(id, Math.min(RETURN_WITHIN_MS, intervalMs));
}

/** The configured interval, or a longer one that the server asks for (ttl, max-age), at most a day. Milliseconds. */
export function effectiveIntervalMs(configuredMs: number, hintsMs: readonly number[]): number {
  const hints = hintsMs.filter(Number.isFinite).map((hintMs) => Math.min(hintMs, HINT_MAX_MS));
  return Math.max(configuredMs, ...hints);
}
