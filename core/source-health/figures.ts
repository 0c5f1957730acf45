import type { HttpCause } from '../causes.js';
import { isGood, type CycleOutcome } from './cycle.js';
import type { Rollup } from './rollup.js';

/** Share of good cycles among those that count, and how many count; the rate is null when none does. */
export interface SuccessRate {
  readonly rate: number | null;
  readonly cycles: number;
}

/** Latencies in milliseconds that half, 95 % and 99 % of the answers stayed within. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Failures of one cause. */
export interface ErrorPattern {
  readonly cause: HttpCause;
  readonly cycles: number;
  /** What the last of them said. */
  readonly lastDetail: string | null;
  /** ISO 8601, UTC. */
  readonly lastAt: string;
}

/** Counts good cycles among good and failed ones; deferred and skipped ones count neither way. */
export function successRate(
  counts: readonly { readonly outcome: CycleOutcome; readonly cycles: number }[],
): SuccessRate {
  let good = 0;
  let cycles = 0;
  for (const { outcome, cycles: count } of counts) {
    const isSuccess = isGood(outcome);
    if (isSuccess === null) continue;
    cycles += count;
    if (isSuccess) good += count;
  }
  return { rate: cycles === 0 ? null : good / cycles, cycles };
}

/** Percentiles by nearest rank: values that were really measured. Null without any. */
export function latencyPercentiles(latenciesMs: readonly number[]): Latency | null {
  if (latenciesMs.length === 0) return null;
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.max(Math.ceil(sorted.length * share), 1) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Failures by cause, the most frequent first. */
export function errorPatterns(rollups: readonly Rollup[]): ErrorPattern[] {
  const patterns = new Map<HttpCause, ErrorPattern>();
  for (const { outcome, cause, cycles, lastDetail, lastAt } of rollups) {
    if (outcome !== 'failed' || cause === null) continue;
    const before = patterns.get(cause);
    const last = before === undefined || lastAt >= before.lastAt ? { lastDetail, lastAt } : before;
    patterns.set(cause, {
      cause,
      cycles: cycles + (before?.cycles ?? 0),
      lastDetail: last.lastDetail,
      lastAt: last.lastAt,
    });
  }
  return [...patterns.values()].toSorted((left, right) => right.cycles - left.cycles);
}
