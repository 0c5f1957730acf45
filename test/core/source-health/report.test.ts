import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOSED } from '../../../core/breaker/index.js';
import {
  CYCLE_OUTCOMES,
  latencyPercentiles,
  mergeRollups,
  rollupOf,
  sourceHealth,
  sourceState,
  successRate,
  UNTRIED,
  UNWATCHED,
  type CycleRecord,
  type SourceFacts,
  type SourceState,
  type SourceStatus,
} from '../../../core/source-health/index.js';

const NOW_MS = Date.parse('2026-01-31T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (agoMs: number): string => new Date(NOW_MS - agoMs).toISOString();

function cycle(agoMs: number, changes: Partial<CycleRecord> = {}): CycleRecord {
  return {
    id: String(agoMs),
    source: 'news',
    startedAt: at(agoMs),
    outcome: 'fetched',
    cause: null,
    detail: null,
    attempts: 1,
    latencyMs: 100,
    status: 200,
    wireBytes: 1_000,
    items: 10,
    newItems: 0,
    changedItems: 0,
    ...changes,
  };
}

function facts(cycles: readonly CycleRecord[], changes: Partial<SourceFacts> = {}): SourceFacts {
  return {
    source: 'news',
    status: UNTRIED,
    recent: cycles,
    rollups: mergeRollups(cycles.map((one) => rollupOf(one, one.newItems))),
    lastGoodAt: null,
    lastItemAt: null,
    ...changes,
  };
}

const failed = (cause: CycleRecord['cause'], detail: string): Partial<CycleRecord> => ({
  outcome: 'failed',
  cause,
  detail,
  status: null,
});

describe('the health of a source', () => {
  it('has success rates of an hour, a day and a month', () => {
    const cycles = [
      ...[10, 20, 30].map((minutes) => cycle(minutes * 60_000)),
      cycle(40 * 60_000, failed('timeout', 'slow')),
      ...[2, 3, 4, 5].map((hours) => cycle(hours * HOUR_MS, failed('timeout', 'slow'))),
      ...[3, 4].map((days) => cycle(days * DAY_MS)),
      cycle(40 * DAY_MS, failed('timeout', 'slow')),
    ];
    expect(sourceHealth(facts(cycles), NOW_MS).successRate).toEqual({
      hour: { rate: 0.75, cycles: 4 },
      day: { rate: 0.375, cycles: 8 },
      month: { rate: 0.5, cycles: 10 },
    });
  });

  it('has no rate without cycles that count', () => {
    const neither = [cycle(1_000, { outcome: 'deferred' }), cycle(2_000, { outcome: 'skipped' })];
    expect(sourceHealth(facts(neither), NOW_MS).successRate.hour).toEqual({ rate: null, cycles: 0 });
  });

  it('groups errors of a day by cause, the most frequent first, with the last message', () => {
    const cycles = [
      cycle(3 * HOUR_MS, failed('timeout', 'first')),
      cycle(2 * HOUR_MS, failed('not_found', '404')),
      cycle(1 * HOUR_MS, failed('timeout', 'last')),
      cycle(3 * DAY_MS, failed('tls', 'expired')),
    ];
    expect(sourceHealth(facts(cycles), NOW_MS).errors).toEqual([
      { cause: 'timeout', cycles: 2, lastDetail: 'last', lastAt: at(HOUR_MS) },
      { cause: 'not_found', cycles: 1, lastDetail: '404', lastAt: at(2 * HOUR_MS) },
    ]);
  });

  it('has latencies of answers only', () => {
    const latencies = Array.from({ length: 100 }, (_, index) =>
      cycle(index * 1_000, { latencyMs: index + 1 }),
    );
    const cycles = [...latencies, cycle(1, { ...failed('timeout', 'slow'), latencyMs: 25_000 })];
    expect(sourceHealth(facts(cycles), NOW_MS).latencyMs).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it('says how many items a day it brings', () => {
    const cycles = [1, 2, 3, 4].map((days) => cycle(days * DAY_MS, { newItems: 6 }));
    expect(sourceHealth(facts(cycles), NOW_MS).itemsPerDay).toBeCloseTo(6, 0);
    expect(sourceHealth(facts([cycle(1_000)]), NOW_MS - HOUR_MS).itemsPerDay).toBeNull();
  });

  it('holds what is worth saying about its last cycle, unless that went wrong', () => {
    const remarked = cycle(2_000, { detail: 'no validators' });
    expect(sourceHealth(facts([cycle(3_000), remarked]), NOW_MS).remark).toBe('no validators');
    expect(sourceHealth(facts([remarked, cycle(1_000)]), NOW_MS).remark).toBeNull();
    expect(
      sourceHealth(facts([remarked, cycle(1_000, failed('timeout', 'slow'))]), NOW_MS).remark,
    ).toBeNull();
  });

  it('is known before its first cycle', () => {
    expect(sourceHealth(facts([], { status: null }), NOW_MS)).toMatchObject({
      state: 'pending',
      latencyMs: null,
      errors: [],
      lastCycleAt: null,
      nextAttemptAt: null,
      itemsPerDay: null,
      breaker: null,
    });
  });
});

describe('the state of a source', () => {
  const up: SourceStatus = { ...UNTRIED, watch: { ...UNWATCHED, confirmed: 'up' } };
  const open = { state: 'open', failures: 3, openCount: 1, openUntilMs: NOW_MS + 1 } as const;
  const down = { ...UNWATCHED, confirmed: 'down', failures: 3 } as const;
  const cases: [SourceState, SourceStatus | null][] = [
    ['pending', null],
    ['pending', UNTRIED],
    ['up', up],
    ['pending', { ...up, watch: { ...up.watch, failures: 1 } }],
    ['down', { ...up, watch: down }],
    ['open', { ...up, watch: down, breaker: open }],
    ['open', { ...up, watch: down, breaker: { ...open, state: 'half_open' } }],
    ['deferred', { ...up, deferredUntilMs: NOW_MS + 1 }],
    ['up', { ...up, deferredUntilMs: NOW_MS - 1, breaker: CLOSED }],
    ['down', { ...up, watch: down, deferredUntilMs: NOW_MS + 1 }],
    ['paused', { ...up, watch: down, breaker: open, paused: true }],
  ];
  it.each(cases)('is %s', (state, status) => {
    expect(sourceState(status, NOW_MS)).toBe(state);
  });
});

describe('figures', () => {
  const anyCycles = fc.array(
    fc
      .record({
        agoMs: fc.nat(10 * DAY_MS),
        outcome: fc.constantFrom(...CYCLE_OUTCOMES),
        newItems: fc.nat(9),
      })
      .map(({ agoMs, outcome, newItems }) => cycle(agoMs, { outcome, newItems })),
  );

  it('do not depend on how cycles were brought together', () => {
    const each = (cycles: readonly CycleRecord[]) => cycles.map((one) => rollupOf(one, one.newItems));
    const bySize = (rollups: ReturnType<typeof mergeRollups>) =>
      rollups.toSorted((left, right) => (left.start + left.outcome < right.start + right.outcome ? -1 : 1));
    fc.assert(
      fc.property(anyCycles, fc.nat(), (cycles, cut) => {
        const place = cut % (cycles.length + 1);
        const parts = [cycles.slice(0, place), cycles.slice(place)].map((part) => mergeRollups(each(part)));
        expect(bySize(mergeRollups(parts.flat(), 'day'))).toEqual(bySize(mergeRollups(each(cycles), 'day')));
        expect(successRate(mergeRollups(each(cycles), 'day'))).toEqual(successRate(each(cycles)));
      }),
    );
  });

  it('have percentiles that were measured, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { minLength: 1 }), (latencies) => {
        const { p50, p95, p99 } = latencyPercentiles(latencies) ?? { p50: -1, p95: -1, p99: -1 };
        expect(p50).toBeLessThanOrEqual(p95);
        expect(p95).toBeLessThanOrEqual(p99);
        [p50, p95, p99].forEach((percentile) => expect(latencies).toContain(percentile));
      }),
    );
  });
});
