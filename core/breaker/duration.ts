import type { BreakerRules } from './state.js';

/** Share by which the time is spread, so that sources which failed together do not come back together. */
const SPREAD = 0.1;
/** Doublings beyond this exceed any duration that a configuration can name. */
const DOUBLINGS_MAX = 40;

/**
 * How long a breaker stays open when it opens for the `openCount`-th time in a row, in milliseconds.
 * Never shorter than `openMs` and the interval, never longer than `maxOpenMs` unless the interval is.
 */
export function openDurationMs(rules: BreakerRules, openCount: number, random: number): number {
  const ceilingMs = Math.max(rules.maxOpenMs, rules.openMs);
  const doubledMs = rules.openMs * 2 ** Math.min(openCount - 1, DOUBLINGS_MAX);
  // At the ceiling there is room for the spread only below it.
  const shortestMs = Math.max(rules.openMs, Math.min(doubledMs, ceilingMs / (1 + SPREAD)));
  const longestMs = Math.min(shortestMs * (1 + SPREAD), ceilingMs);
  const openMs = shortestMs + (longestMs - shortestMs) * random;
  return Math.max(Math.round(openMs), rules.intervalMs);
}
