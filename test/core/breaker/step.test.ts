/**
 * Goal: a failing source is left alone and always tried again; no order of events leaves a breaker stuck.
 * Method: the documented series as plain values, and properties over every order of events.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  attemptsAllowed,
  breakerRules,
  CLOSED,
  mayAsk,
  openDurationMs,
  stepBreaker,
  type Breaker,
  type BreakerEvent,
  type BreakerRules,
} from '../../../core/breaker/index.js';
import { sourceSchema } from '../../../core/config/source.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const rules = breakerRules(sourceSchema.parse({ id: 'news', url: 'https://example.org/feed.xml' }));

const fail = (breaker: Breaker, nowMs: number, by: BreakerRules = rules, random = 0): Breaker =>
  stepBreaker(by, breaker, { kind: 'failed', nowMs, random });

/** A breaker that has just opened at instant 0. */
function opened(): Breaker {
  return fail(fail(fail(CLOSED, 0), 0), 0);
}

/** Begins a cycle when the breaker is due and lets it fail; the instant at which it does so. */
function failWhenDue(breaker: Breaker, by: BreakerRules = rules, random = 0): [Breaker, number] {
  const nowMs = breaker.state === 'open' ? breaker.openUntilMs : 0;
  return [fail(stepBreaker(by, breaker, { kind: 'begin', nowMs }), nowMs, by, random), nowMs];
}

const anyRules = fc
  .record({
    failures: fc.integer({ min: 1, max: 10 }),
    openMs: fc.integer({ min: 1_000, max: HOUR_MS }),
    more: fc.nat(24 * HOUR_MS),
    intervalMs: fc.integer({ min: 1_000, max: 48 * HOUR_MS }),
  })
  .map(({ more, ...rest }): BreakerRules => ({ ...rest, maxOpenMs: rest.openMs + more }));

const random = fc.double({ min: 0, max: 1, noNaN: true });
const anyEvents = fc
  .array(
    fc.record({
      kind: fc.constantFrom('begin', 'forced', 'succeeded', 'failed', 'neutral', 'reset'),
      passedMs: fc.nat(12 * HOUR_MS),
      random,
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let nowMs = 0;
    return steps.map(({ kind, passedMs, random: chance }): BreakerEvent & { at: number } => {
      nowMs += passedMs;
      const at = nowMs;
      if (kind === 'begin' || kind === 'forced')
        return { kind: 'begin', nowMs, forced: kind === 'forced', at };
      if (kind === 'failed') return { kind, nowMs, random: chance, at };
      if (kind === 'neutral') return { kind, nowMs, at };
      return { kind, at };
    });
  });

describe('a breaker', () => {
  it('opens after three failed cycles in a row and not before', () => {
    const second = fail(fail(CLOSED, 0), 1_000);
    expect(second).toEqual({ state: 'closed', failures: 2 });
    expect(fail(second, 2_000)).toEqual({
      state: 'open',
      failures: 3,
      openCount: 1,
      openUntilMs: 2_000 + 5 * MINUTE_MS,
    });
  });

  it('counts failures in a row only', () => {
    const good = stepBreaker(rules, fail(fail(CLOSED, 0), 0), { kind: 'succeeded' });
    expect(fail(fail(good, 0), 0).state).toBe('closed');
  });

  it('stays open for 5 min, twice as long each time, up to 6 h', () => {
    let breaker = opened();
    const minutes: number[] = [];
    for (let times = 0; times < 9; times++) {
      let failedAtMs = 0;
      if (times > 0) [breaker, failedAtMs] = failWhenDue(breaker);
      if (breaker.state === 'open') minutes.push(Math.round((breaker.openUntilMs - failedAtMs) / MINUTE_MS));
    }
    // At the ceiling the spread lies below it.
    expect(minutes).toEqual([5, 10, 20, 40, 80, 160, 320, 327, 327]);
    expect(openDurationMs(rules, 9, 1)).toBe(6 * HOUR_MS);
  });

  it('is never open for less than the interval', () => {
    expect(openDurationMs({ ...rules, intervalMs: HOUR_MS }, 1, 0)).toBe(HOUR_MS);
    expect(openDurationMs({ ...rules, intervalMs: 12 * HOUR_MS }, 20, 1)).toBe(12 * HOUR_MS);
  });

  it('lets nobody ask while it is open, then one cycle with one attempt', () => {
    const open = opened();
    expect(mayAsk(open, 5 * MINUTE_MS - 1)).toBe(false);
    expect(stepBreaker(rules, open, { kind: 'begin', nowMs: 5 * MINUTE_MS - 1 })).toBe(open);
    const probing = stepBreaker(rules, open, { kind: 'begin', nowMs: 5 * MINUTE_MS });
    expect(probing.state).toBe('half_open');
    expect([CLOSED, probing].map((breaker) => attemptsAllowed(breaker, 3))).toEqual([3, 1]);
    expect(stepBreaker(rules, probing, { kind: 'succeeded' })).toBe(CLOSED);
  });

  it('stays as it was and is due at once when its probe says nothing about the source', () => {
    const probing = stepBreaker(rules, opened(), { kind: 'begin', nowMs: 6 * MINUTE_MS });
    const after = stepBreaker(rules, probing, { kind: 'neutral', nowMs: 7 * MINUTE_MS });
    expect(after).toMatchObject({ state: 'open', openCount: 1, openUntilMs: 7 * MINUTE_MS });
  });

  it('lets a person ask ahead of time, and does not wait longer when that fails', () => {
    const probing = stepBreaker(rules, opened(), { kind: 'begin', nowMs: MINUTE_MS, forced: true });
    expect(probing.state).toBe('half_open');
    expect(fail(probing, MINUTE_MS + 1)).toEqual(opened());
  });

  it('closes when it is reset, whatever its state', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const breaker = events.reduce((state: Breaker, event) => stepBreaker(rules, state, event), CLOSED);
        expect(stepBreaker(rules, breaker, { kind: 'reset' })).toBe(CLOSED);
      }),
    );
  });
});

describe('every order of events', () => {
  it('leaves half-open with each outcome', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (by, events) => {
        let breaker: Breaker = CLOSED;
        for (const event of events) {
          breaker = stepBreaker(by, breaker, event);
          if (event.kind !== 'begin') expect(breaker.state).not.toBe('half_open');
        }
      }),
    );
  });

  it('never lets the source be given up: an open breaker is due within its longest time', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (by, events) => {
        let breaker: Breaker = CLOSED;
        for (const event of events) {
          breaker = stepBreaker(by, breaker, event);
          if (breaker.state !== 'open') continue;
          const longestMs = Math.max(by.maxOpenMs, by.intervalMs);
          expect(breaker.openUntilMs - event.at).toBeLessThanOrEqual(longestMs);
          const due = stepBreaker(by, breaker, { kind: 'begin', nowMs: event.at + longestMs });
          expect(due.state).toBe('half_open');
          expect(stepBreaker(by, due, { kind: 'succeeded' })).toBe(CLOSED);
        }
      }),
    );
  });

  it('opens for failed cycles alone: what says nothing counts neither way', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (by, events) => {
        const states = (kinds: (event: BreakerEvent) => boolean) =>
          events.filter(kinds).reduce<Breaker>((breaker, event) => stepBreaker(by, breaker, event), CLOSED);
        const counting = (event: BreakerEvent) => event.kind !== 'begin';
        const withoutNeutral = (event: BreakerEvent) => counting(event) && event.kind !== 'neutral';
        expect(states(counting)).toEqual(states(withoutNeutral));
      }),
    );
  });

  it('opens for a time between the first and the longest, growing with each failed probe', () => {
    fc.assert(
      fc.property(anyRules, fc.integer({ min: 1, max: 60 }), random, (by, count, chance) => {
        const openMs = openDurationMs(by, count, chance);
        expect(openMs).toBeGreaterThanOrEqual(Math.max(by.openMs, by.intervalMs));
        expect(openMs).toBeLessThanOrEqual(Math.max(by.maxOpenMs, by.intervalMs));
        expect(openDurationMs(by, count + 1, chance)).toBeGreaterThanOrEqual(openMs);
      }),
    );
  });

  it('is the same after a trip through JSON', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (by, events) => {
        let kept: Breaker = CLOSED;
        let carried: Breaker = CLOSED;
        for (const event of events) {
          kept = stepBreaker(by, kept, event);
          carried = stepBreaker(by, JSON.parse(JSON.stringify(carried)) as Breaker, event);
        }
        expect(carried).toEqual(kept);
      }),
    );
  });
});
