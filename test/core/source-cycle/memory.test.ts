// Goal: what a source remembers from cycle to cycle follows from how they end, and from nothing else. Method: plain values.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOSED } from '../../../core/breaker/index.js';
import { sourceSchema } from '../../../core/config/source.js';
import {
  beginCycle,
  dropCycle,
  endCycle,
  forgetSite,
  NEW_SOURCE,
  nextCycleMs,
  resetBreaker,
  scheduleOf,
  type CycleEnd,
  type SourceMemory,
} from '../../../core/source-cycle/index.js';
import { CYCLE_OUTCOMES, type CycleOutcome } from '../../../core/source-health/index.js';

const config = sourceSchema.parse({ id: 'news', url: 'https://example.org/feed.xml', every: '5m' });
const NOW_MS = Date.parse('2026-01-02T03:04:05Z');
const FIGURES = { dayRate: { rate: null, cycles: 0 }, lastItemMs: null };

function end(memory: SourceMemory, outcome: CycleOutcome, changes: Partial<CycleEnd> = {}): SourceMemory {
  const cause = outcome === 'failed' ? 'timeout' : null;
  const cycle = {
    outcome,
    cause,
    detail: null,
    endedAtMs: NOW_MS,
    deferredUntilMs: null,
    ...changes,
  } as const;
  return endCycle(config, memory, cycle, FIGURES, 0.5).memory;
}

function cycles(outcomes: readonly CycleOutcome[], memory: SourceMemory = NEW_SOURCE): SourceMemory {
  return outcomes.reduce((before, outcome) => end(beginCycle(config, before, NOW_MS, true), outcome), memory);
}

describe('what a source remembers', () => {
  it('opens the breaker with the third failed cycle and closes it with a good one', () => {
    expect(cycles(['failed', 'failed']).breaker).toEqual({ state: 'closed', failures: 2 });
    const open = cycles(['failed', 'failed', 'failed']);
    expect(open.breaker).toMatchObject({ state: 'open', failures: 3, openCount: 1 });
    expect(cycles(['not_modified'], open).breaker).toEqual(CLOSED);
  });

  it('leaves a failing source alone for no less than the interval that feed and server ask of a healthy one', () => {
    const hinted = end(NEW_SOURCE, 'fetched', { ttlMs: 7_200_000, freshForMs: 60_000 });
    const { breaker } = cycles(['failed', 'failed', 'failed'], hinted);
    expect(breaker).toMatchObject({ state: 'open', openUntilMs: NOW_MS + 7_200_000 });
  });

  it('does not count what says nothing about the source', () => {
    const quiet = cycles(['failed', 'deferred', 'skipped', 'failed', 'skipped']);
    expect(quiet.breaker).toEqual({ state: 'closed', failures: 2 });
    expect(dropCycle(config, quiet, NOW_MS).breaker).toEqual(quiet.breaker);
  });

  it('leaves no breaker half open, however a cycle ends', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CYCLE_OUTCOMES)), (outcomes) => {
        const memory = cycles(outcomes);
        expect(memory.breaker.state).not.toBe('half_open');
        const begun = beginCycle(config, memory, NOW_MS, true);
        expect(dropCycle(config, begun, NOW_MS).breaker.state).not.toBe('half_open');
      }),
    );
  });

  it('forgets what the site has asked for when a person resets it, and all of it with another address', () => {
    const deferred = end(cycles(['failed', 'failed', 'failed']), 'deferred', {
      deferredUntilMs: NOW_MS + 60_000,
    });
    expect(resetBreaker(config, deferred)).toMatchObject({ breaker: CLOSED, deferredUntilMs: null });
    const hinted = end(NEW_SOURCE, 'fetched', { ttlMs: 3_600_000, freshForMs: 60_000 });
    expect(forgetSite(hinted)).toMatchObject({ breaker: CLOSED, ttlMs: null, freshForMs: null });
    expect(forgetSite(hinted).watch).toEqual(hinted.watch);
  });

  it('knows why it was deferred until a cycle is not', () => {
    const deferred = end(NEW_SOURCE, 'deferred', { deferredUntilMs: NOW_MS + 60_000, deferral: 'asked' });
    expect(deferred).toMatchObject({ deferredUntilMs: NOW_MS + 60_000, deferral: 'asked' });
    expect(end(deferred, 'fetched')).toMatchObject({ deferredUntilMs: null, deferral: undefined });
  });

  it('is asked less often where feed or server want that, unless the site is our own', () => {
    const hinted = end(NEW_SOURCE, 'fetched', { ttlMs: 3_600_000, freshForMs: 60_000 });
    expect(scheduleOf(config, hinted).intervalMs).toBe(3_600_000);
    expect(scheduleOf({ ...config, allow_fast: true }, hinted).intervalMs).toBe(300_000);
    // A 304 says nothing about the feed's own wish.
    expect(end(hinted, 'not_modified', { freshForMs: null })).toMatchObject({
      ttlMs: 3_600_000,
      freshForMs: null,
    });
    expect(end(hinted, 'fetched', { ttlMs: null, freshForMs: null })).toMatchObject({ ttlMs: null });
  });

  it('is asked at once the first time, and not before the site wants it', () => {
    expect(nextCycleMs(config, NEW_SOURCE, NOW_MS)).toBe(NOW_MS);
    const begun = beginCycle(config, NEW_SOURCE, NOW_MS, false);
    const untilMs = NOW_MS + 7_200_000;
    expect(nextCycleMs(config, end(begun, 'deferred', { deferredUntilMs: untilMs }), NOW_MS)).toBe(untilMs);
    const next = nextCycleMs(config, end(begun, 'fetched'), NOW_MS);
    expect(next).toBeGreaterThan(NOW_MS + 150_000);
    expect(next).toBeLessThanOrEqual(NOW_MS + 630_000);
  });
});
