import type { HttpCause } from '../causes.js';
import type { CycleOutcome, CycleRecord } from './cycle.js';

/** Cycles of one hour or day that ended alike, counted. Single cycles are kept for a short time only. */
export interface Rollup {
  readonly span: 'hour' | 'day';
  /** Begin of the hour or day. ISO 8601, UTC. */
  readonly start: string;
  readonly outcome: CycleOutcome;
  readonly cause: HttpCause | null;
  readonly cycles: number;
  readonly newItems: number;
  /** Detail of the last of these cycles. */
  readonly lastDetail: string | null;
  /** Begin of the last of these cycles. ISO 8601, UTC. */
  readonly lastAt: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Length of a span in milliseconds. */
export const SPAN_MS = { hour: HOUR_MS, day: DAY_MS } as const;

/** Begin of the hour or day in which an instant lies. ISO 8601, UTC. */
export function spanStart(span: Rollup['span'], at: string): string {
  return new Date(Math.floor(Date.parse(at) / SPAN_MS[span]) * SPAN_MS[span]).toISOString();
}

/** One cycle as part of its hour. `newItems` may leave out what was there before the source was watched. */
export function rollupOf(
  cycle: Pick<CycleRecord, 'startedAt' | 'outcome' | 'cause' | 'detail'>,
  newItems: number,
): Rollup {
  return {
    span: 'hour',
    start: spanStart('hour', cycle.startedAt),
    outcome: cycle.outcome,
    cause: cycle.cause,
    cycles: 1,
    newItems,
    lastDetail: cycle.detail,
    lastAt: cycle.startedAt,
  };
}

/** Brings together what is of the same span, outcome and cause. With `into: 'day'` hours become days first. */
export function mergeRollups(rollups: readonly Rollup[], into?: 'day'): Rollup[] {
  const merged = new Map<string, Rollup>();
  for (const rollup of rollups) {
    const span = into ?? rollup.span;
    const next = { ...rollup, span, start: spanStart(span, rollup.start) };
    const key = [next.span, next.start, next.outcome, next.cause].join(' ');
    const before = merged.get(key);
    merged.set(key, before === undefined ? next : added(before, next));
  }
  return [...merged.values()];
}

function added(left: Rollup, right: Rollup): Rollup {
  const { lastAt, lastDetail } = right.lastAt >= left.lastAt ? right : left;
  return {
    ...left,
    cycles: left.cycles + right.cycles,
    newItems: left.newItems + right.newItems,
    lastAt,
    lastDetail,
  };
}
