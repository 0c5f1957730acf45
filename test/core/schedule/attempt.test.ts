import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOSED, type Breaker } from '../../../core/breaker/index.js';
import {
  effectiveIntervalMs,
  nextAttemptMs,
  nextTickMs,
  returnAtMs,
  type Waiting,
} from '../../../core/schedule/index.js';

const NOW_MS = 1_767_323_045_000;
const schedule = { id: 'news', intervalMs: 300_000 };
const waiting: Waiting = { schedule, breaker: CLOSED, lastBeganMs: NOW_MS - 1_000, deferredUntilMs: null };
const open: Breaker = { state: 'open', failures: 3, openCount: 1, openUntilMs: NOW_MS + 3_600_000 };

describe('the next attempt', () => {
  it('is made at once when there was none yet', () => {
    expect(nextAttemptMs({ ...waiting, lastBeganMs: null }, NOW_MS)).toBe(NOW_MS);
  });

  it('follows the beat of the source', () => {
    expect(nextAttemptMs(waiting, NOW_MS)).toBe(nextTickMs(schedule, NOW_MS, NOW_MS - 1_000));
  });

  it('waits as long as the breaker is open, to the millisecond', () => {
    expect(nextAttemptMs({ ...waiting, breaker: open }, NOW_MS)).toBe(NOW_MS + 3_600_000);
    expect(nextAttemptMs({ ...waiting, breaker: open }, NOW_MS + 4_000_000)).toBe(NOW_MS + 4_000_000);
  });

  it('waits as long as the site asks, and longer when the breaker is open for longer', () => {
    const deferredUntilMs = NOW_MS + 120_000;
    expect(nextAttemptMs({ ...waiting, deferredUntilMs }, NOW_MS)).toBe(deferredUntilMs);
    expect(nextAttemptMs({ ...waiting, breaker: open, deferredUntilMs }, NOW_MS)).toBe(NOW_MS + 3_600_000);
  });

  it('does not hammer a site that asks for a wait of nothing', () => {
    expect(nextAttemptMs({ ...waiting, deferredUntilMs: NOW_MS }, NOW_MS)).toBe(NOW_MS + 59_000);
    const fast = { ...waiting, schedule: { id: 'news', intervalMs: 5_000 } };
    expect(nextAttemptMs({ ...fast, deferredUntilMs: NOW_MS }, NOW_MS)).toBe(NOW_MS + 4_000);
  });

  it('is spread over a minute when everybody comes back at once', () => {
    const delays = Array.from({ length: 600 }, (_, index) =>
      returnAtMs({ id: `source-${index}`, intervalMs: 300_000 }, NOW_MS),
    ).map((atMs) => Math.floor((atMs - NOW_MS) / 10_000));
    const perTenSeconds = [0, 1, 2, 3, 4, 5].map((part) => delays.filter((delay) => delay === part).length);
    expect(Math.min(...perTenSeconds)).toBeGreaterThan(70);
    expect(perTenSeconds.reduce((sum, count) => sum + count)).toBe(600);
  });

  it('never lies in the past', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 86_400_000 }),
        fc.option(fc.integer({ min: -100_000_000, max: 100_000_000 })),
        fc.option(fc.integer({ min: 0, max: 100_000_000 })),
        fc.constantFrom(CLOSED, open),
        (intervalMs, deferral, agoMs, breaker) => {
          const deferredUntilMs = deferral === null ? null : NOW_MS + deferral;
          const lastBeganMs = agoMs === null ? null : NOW_MS - agoMs;
          const facts = { schedule: { id: 'news', intervalMs }, breaker, lastBeganMs, deferredUntilMs };
          expect(nextAttemptMs(facts, NOW_MS)).toBeGreaterThanOrEqual(NOW_MS);
        },
      ),
    );
  });
});

describe('the interval', () => {
  it('is lengthened by what the server asks for, up to a day, and never shortened', () => {
    expect(effectiveIntervalMs(300_000, [])).toBe(300_000);
    expect(effectiveIntervalMs(300_000, [60_000, 3_600_000])).toBe(3_600_000);
    expect(effectiveIntervalMs(300_000, [Number.NaN, 1e12])).toBe(86_400_000);
    expect(effectiveIntervalMs(7 * 86_400_000, [1e12])).toBe(7 * 86_400_000);
  });
});
