import type { Breaker } from '../breaker/index.js';
import { isGood, type CycleRecord } from './cycle.js';
import {
  errorPatterns,
  latencyPercentiles,
  successRate,
  type ErrorPattern,
  type Latency,
  type SuccessRate,
} from './figures.js';
import { SPAN_MS, type Rollup } from './rollup.js';
import { sourceState, type SourceState, type SourceStatus } from './status.js';

/** All that is known about a source. */
export interface SourceFacts {
  readonly source: string;
  /** What its workflow last said; null when it has said nothing yet. */
  readonly status: SourceStatus | null;
  /** Its last cycles, in any order. */
  readonly recent: readonly CycleRecord[];
  /** Hours, and days before them; in any order. */
  readonly rollups: readonly Rollup[];
  /** When the last good cycle began. ISO 8601, UTC, as everywhere here; null when there was none. */
  readonly lastGoodAt: string | null;
  /** When the last new item was stored. */
  readonly lastItemAt: string | null;
}

/** The health of one source, for people and alerts. */
export interface SourceHealth {
  readonly source: string;
  readonly state: SourceState;
  readonly successRate: {
    readonly hour: SuccessRate;
    readonly day: SuccessRate;
    readonly month: SuccessRate;
  };
  /** Of the last cycles; null when none got an answer. */
  readonly latencyMs: Latency | null;
  /** Failures of 24 h by cause, the most frequent first. */
  readonly errors: readonly ErrorPattern[];
  /** What is worth saying about its last cycle although that was good; null when that is nothing. */
  readonly remark: string | null;
  readonly lastCycleAt: string | null;
  readonly lastGoodAt: string | null;
  readonly lastItemAt: string | null;
  /** Null when none is planned, e.g. while it is paused. */
  readonly nextAttemptAt: string | null;
  /** New items a day, of up to 30 days; null until it has been watched for an hour. */
  readonly itemsPerDay: number | null;
  readonly breaker: Breaker | null;
}

const HOUR_MS = SPAN_MS.hour;
const DAY_MS = SPAN_MS.day;
/** How far back the longest figures go. */
export const MONTH_MS = 30 * DAY_MS;

/** Brings together what is known about a source. `nowMs` is in epoch milliseconds. */
export function sourceHealth(facts: SourceFacts, nowMs: number): SourceHealth {
  const { source, status, recent, rollups, lastGoodAt, lastItemAt } = facts;
  const day = within(rollups, nowMs - DAY_MS);
  const month = within(rollups, nowMs - MONTH_MS);
  const lastHour = recent.filter((cycle) => Date.parse(cycle.startedAt) > nowMs - HOUR_MS);
  const answered = recent.filter((cycle) => cycle.status !== null && cycle.latencyMs !== null);
  return {
    source,
    state: sourceState(status, nowMs),
    successRate: {
      hour: successRate(lastHour.map(({ outcome }) => ({ outcome, cycles: 1 }))),
      day: successRate(day),
      month: successRate(month),
    },
    latencyMs: latencyPercentiles(answered.map((cycle) => cycle.latencyMs as number)),
    errors: errorPatterns(day),
    remark: remarkOf(recent),
    lastCycleAt: latest(recent.map((cycle) => cycle.startedAt)),
    lastGoodAt,
    lastItemAt,
    nextAttemptAt: instant(status?.nextAttemptMs),
    itemsPerDay: itemsPerDay(month, nowMs),
    breaker: status?.breaker ?? null,
  };
}

/** Hours and days that reach into the time after `sinceMs`. */
function within(rollups: readonly Rollup[], sinceMs: number): Rollup[] {
  return rollups.filter(({ span, start }) => Date.parse(start) + SPAN_MS[span] > sinceMs);
}

function itemsPerDay(rollups: readonly Rollup[], nowMs: number): number | null {
  const starts = rollups.map(({ start }) => Date.parse(start));
  const watchedMs = nowMs - Math.min(...starts);
  if (starts.length === 0 || watchedMs < HOUR_MS) return null;
  const items = rollups.reduce((sum, { newItems }) => sum + newItems, 0);
  return items / (watchedMs / DAY_MS);
}

function remarkOf(recent: readonly CycleRecord[]): string | null {
  const [first, ...others] = recent;
  if (first === undefined) return null;
  const last = others.reduce((newest, cycle) => (cycle.startedAt > newest.startedAt ? cycle : newest), first);
  return isGood(last.outcome) === true ? last.detail : null;
}

function latest(instants: readonly string[]): string | null {
  return instants.reduce<string | null>((last, at) => (last === null || at > last ? at : last), null);
}

function instant(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}
