import type { HttpCause } from '../causes.js';

/**
 * How a cycle of a source ended.
 * - `fetched`: an answer was read and its items are kept.
 * - `not_modified`: the site said that nothing has changed.
 * - `failed`: every attempt failed.
 * - `deferred`: the site asked to be left alone for a while, or has no place for us; not a failure.
 * - `skipped`: we were offline ourselves; it says nothing about the source.
 */
export const CYCLE_OUTCOMES = ['fetched', 'not_modified', 'failed', 'deferred', 'skipped'] as const;
export type CycleOutcome = (typeof CYCLE_OUTCOMES)[number];

/** One cycle of a source, as it is kept. */
export interface CycleRecord {
  /** Unique for ever within the source, and the same when a cycle is stored again after a crash. */
  readonly id: string;
  /** Name of the source, e.g. `news`. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly outcome: CycleOutcome;
  readonly cause: HttpCause | null;
  /** One line about what went wrong, or what is worth saying about a good cycle; null when that is nothing. */
  readonly detail: string | null;
  readonly attempts: number;
  /** Of the last attempt, from the request to the end of the body; null when nothing was asked. */
  readonly latencyMs: number | null;
  /** HTTP status of the last answer; null without one. */
  readonly status: number | null;
  /** Bytes of the body on the wire. */
  readonly wireBytes: number;
  /** Items that the answer listed. */
  readonly items: number;
  readonly newItems: number;
  readonly changedItems: number;
}

/** True for good cycles, false for failed ones, null for those that count neither way. */
export function isGood(outcome: CycleOutcome): boolean | null {
  if (outcome === 'failed') return false;
  return outcome === 'fetched' || outcome === 'not_modified' ? true : null;
}
