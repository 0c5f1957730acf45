import { openDurationMs } from './duration.js';
import { CLOSED, type Breaker, type BreakerRules } from './state.js';

/** What happens to a breaker. Outcomes are those of whole cycles, never of attempts. */
export type BreakerEvent =
  /** A cycle begins. `forced`: a person asked for it, so it does not wait until the breaker is due. */
  | { readonly kind: 'begin'; readonly nowMs: number; readonly forced?: boolean }
  | { readonly kind: 'succeeded' }
  /** `random` from 0 to 1 spreads the time it stays open. */
  | { readonly kind: 'failed'; readonly nowMs: number; readonly random: number }
  /** The cycle says nothing about the source: it was deferred, cancelled, or we were offline ourselves. */
  | { readonly kind: 'neutral'; readonly nowMs: number }
  /** A person says that the source is to be tried again. */
  | { readonly kind: 'reset' };

/** The next state. Pure: clock and chance come from the caller. */
export function stepBreaker(rules: BreakerRules, breaker: Breaker, event: BreakerEvent): Breaker {
  switch (event.kind) {
    case 'begin':
      return mayAsk(breaker, event.nowMs) || event.forced === true ? begun(breaker) : breaker;
    case 'succeeded':
    case 'reset':
      return CLOSED;
    case 'neutral':
      return breaker.state === 'half_open' ? reopened(breaker, event.nowMs) : breaker;
    case 'failed':
      return failed(rules, breaker, event);
  }
}

/** True when a cycle may ask the source now. */
export function mayAsk(breaker: Breaker, nowMs: number): boolean {
  return breaker.state !== 'open' || nowMs >= breaker.openUntilMs;
}

/** Attempts that a cycle may make: a probe of a half-open breaker is one single attempt. */
export function attemptsAllowed(breaker: Breaker, usual: number): number {
  return breaker.state === 'half_open' ? 1 : usual;
}

function begun(breaker: Breaker): Breaker {
  return breaker.state === 'closed' ? breaker : { ...breaker, state: 'half_open' };
}

/** Open as before; due at once when its time was already up. */
function reopened(breaker: Exclude<Breaker, { state: 'closed' }>, nowMs: number): Breaker {
  return { ...breaker, state: 'open', openUntilMs: Math.max(breaker.openUntilMs, nowMs) };
}

function failed(
  rules: BreakerRules,
  breaker: Breaker,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): Breaker {
  const failures = breaker.failures + 1;
  if (breaker.state === 'closed') {
    return failures < rules.failures
      ? { state: 'closed', failures }
      : { state: 'open', failures, openCount: 1, openUntilMs: nowMs + openDurationMs(rules, 1, random) };
  }
  // A probe that a person forced ahead of time says nothing new: it must not lengthen the wait.
  if (nowMs < breaker.openUntilMs) return { ...breaker, state: 'open' };
  const openCount = breaker.openCount + 1;
  return {
    state: 'open',
    failures,
    openCount,
    openUntilMs: nowMs + openDurationMs(rules, openCount, random),
  };
}
