import { CLOSED, type Breaker } from '../breaker/index.js';
import { UNWATCHED, type Watch } from './watch.js';

/**
 * What a source is doing, for people.
 * - `up`: its cycles succeed.
 * - `pending`: not known yet, or failing for less long than it takes to call it down.
 * - `down`: as many cycles as `down_after` says have failed.
 * - `open`: the breaker leaves it alone, or its single probe is under way.
 * - `deferred`: the site is left alone for now, mostly because it asked for that.
 * - `paused`: a person paused it.
 * - `stopped`: its workflow has ended; what it brought is kept.
 */
export type SourceState = 'up' | 'pending' | 'down' | 'open' | 'deferred' | 'paused' | 'stopped';

/** What the workflow of a source knows about it: plain data. Instants in epoch milliseconds. */
export interface SourceStatus {
  readonly paused: boolean;
  readonly breaker: Breaker;
  readonly watch: Watch;
  /** Until when the site is left alone; null when it is not. */
  readonly deferredUntilMs: number | null;
  /** When the next cycle begins; null when none is planned. */
  readonly nextAttemptMs: number | null;
  /** True once its workflow has ended. */
  readonly stopped?: true;
}

export const UNTRIED: SourceStatus = {
  paused: false,
  breaker: CLOSED,
  watch: UNWATCHED,
  deferredUntilMs: null,
  nextAttemptMs: null,
};

/** The one word for a source: what a person has decided comes first, then what we do, then how it fares. */
export function sourceState(status: SourceStatus | null, nowMs: number): SourceState {
  if (status === null) return 'pending';
  if (status.stopped === true) return 'stopped';
  if (status.paused) return 'paused';
  if (status.breaker.state !== 'closed') return 'open';
  if (status.watch.confirmed === 'down') return 'down';
  if (status.deferredUntilMs !== null && nowMs < status.deferredUntilMs) return 'deferred';
  return status.watch.confirmed === 'up' && status.watch.failures === 0 ? 'up' : 'pending';
}
