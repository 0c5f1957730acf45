/**
 * The limiter's rules, driven by hand and by random sequences of events. No clock and no promises: what is granted must
 * follow from the events alone.
 */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { pauseAfterBlockMs } from '../../../../activities/resolve/limiter/pause.js';
import { DEFAULT_LIMITER_SETTINGS } from '../../../../activities/resolve/limiter/settings.js';
import {
  IDLE_LIMITER,
  step,
  type LimiterEvent,
  type LimiterState,
} from '../../../../activities/resolve/limiter/state.js';

const settings = { ...DEFAULT_LIMITER_SETTINGS, minSpacingMs: 1_000 };

/** Sends events to a limiter and keeps what came of each. */
class Play {
  state: LimiterState = IDLE_LIMITER;
  send(nowMs: number, event: LimiterEvent) {
    const result = step(this.state, event, { nowMs, random: 0, settings });
    this.state = result.state;
    return result;
  }
}

describe('limiter of a site', () => {
  it('starts at most two at the same time and one each second, in order', () => {
    const play = new Play();
    expect(play.send(0, { kind: 'request', id: 1 }).decisions).toEqual([{ kind: 'grant', id: 1 }]);
    expect(play.send(0, { kind: 'request', id: 2 })).toMatchObject({ decisions: [], wakeAtMs: 1_000 });
    expect(play.send(0, { kind: 'request', id: 3 }).decisions).toEqual([]);
    expect(play.send(1_000, { kind: 'tick' }).decisions).toEqual([{ kind: 'grant', id: 2 }]);
    expect(play.send(5_000, { kind: 'tick' }).decisions).toEqual([]);
    expect(play.send(6_000, { kind: 'release', id: 1, outcome: 'answered' }).decisions).toEqual([
      { kind: 'grant', id: 3 },
    ]);
  });

  it('refuses at once everyone who cannot start within the longest wait because of a block', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(10, { kind: 'request', id: 2 });
    const { decisions } = play.send(100, { kind: 'release', id: 1, outcome: 'blocked' });
    expect(decisions).toEqual([{ kind: 'refuse', id: 2, retryAfterMs: 120_000 }]);
    expect(play.send(60_100, { kind: 'request', id: 3 }).decisions).toEqual([
      { kind: 'refuse', id: 3, retryAfterMs: 60_000 },
    ]);
  });

  it('waits out a short Retry-After, then lets one through to find out', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(0, { kind: 'release', id: 1, outcome: 'blocked', retryAfterMs: 10_000 });
    play.send(1_000, { kind: 'request', id: 2 });
    expect(play.send(1_000, { kind: 'request', id: 3 })).toMatchObject({ decisions: [], wakeAtMs: 10_000 });
    expect(play.send(10_000, { kind: 'tick' }).decisions).toEqual([{ kind: 'grant', id: 2 }]);
    expect(play.send(12_000, { kind: 'tick' }).decisions).toEqual([]);
    expect(play.send(12_500, { kind: 'release', id: 2, outcome: 'answered' }).decisions).toEqual([
      { kind: 'grant', id: 3 },
    ]);
  });

  it('takes a wish at its word each time where it is to, and doubles the pause after other blocks only', () => {
    const play = new Play();
    let nowMs = 0;
    for (let id = 1; id <= 5; id++) {
      expect(play.send(nowMs, { kind: 'request', id }).decisions).toEqual([{ kind: 'grant', id }]);
      play.send(nowMs, { kind: 'release', id, outcome: 'blocked', retryAfterMs: 3_000, isAsAsked: true });
      expect(play.state.pausedUntilMs).toBe(nowMs + 3_000);
      nowMs += 3_000;
    }
    play.send(nowMs, { kind: 'request', id: 6 });
    play.send(nowMs, { kind: 'release', id: 6, outcome: 'blocked' });
    expect(play.state.pausedUntilMs).toBe(nowMs + 240_000);
  });

  it('counts a block once that two resolves meet at the same time', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(1_000, { kind: 'request', id: 2 });
    play.send(2_000, { kind: 'release', id: 1, outcome: 'blocked' });
    play.send(3_000, { kind: 'release', id: 2, outcome: 'blocked' });
    expect(play.state).toMatchObject({ blocks: 1, pausedUntilMs: 122_000 });
  });

  it('does not take an answer to an older question for the end of a block', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(1_000, { kind: 'request', id: 2 });
    play.send(2_000, { kind: 'release', id: 1, outcome: 'blocked' });
    play.send(3_000, { kind: 'release', id: 2, outcome: 'answered' });
    expect(play.state.blocks).toBe(1);
  });

  it('frees the place of a resolve that hangs', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(1_000, { kind: 'request', id: 2 });
    const late = settings.leaseMs - 1_000;
    expect(play.send(late, { kind: 'request', id: 3 })).toMatchObject({
      decisions: [],
      wakeAtMs: settings.leaseMs,
    });
    expect(play.send(settings.leaseMs, { kind: 'tick' }).decisions).toEqual([{ kind: 'grant', id: 3 }]);
  });

  it('refuses whom no place becomes free for in time', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(1_000, { kind: 'request', id: 2 });
    play.send(2_000, { kind: 'request', id: 3 });
    expect(play.send(22_000, { kind: 'tick' }).decisions).toEqual([
      { kind: 'refuse', id: 3, retryAfterMs: 5_000 },
    ]);
  });

  it('forgets who has gone away', () => {
    const play = new Play();
    play.send(0, { kind: 'request', id: 1 });
    play.send(0, { kind: 'request', id: 2 });
    expect(play.send(10, { kind: 'withdraw', id: 2 })).toMatchObject({ decisions: [], wakeAtMs: null });
  });
});

describe('pause after a block', () => {
  const series = (retryAfterMs?: number) =>
    [1, 2, 3, 4, 5, 6, 60].map((n) => pauseAfterBlockMs(n, retryAfterMs, 0, settings) / 60_000);

  it('doubles from 2 to 30 minutes', () => {
    expect(series()).toEqual([2, 4, 8, 16, 30, 30, 30]);
  });

  it('obeys Retry-After, but not its shortness again and again', () => {
    expect(series(10 * 60_000)).toEqual([10, 10, 10, 10, 15, 15, 15]);
    expect(series(600)).toEqual([0.01, 2, 4, 8, 15, 15, 15]);
  });

  it('is lengthened at random, never shortened', () => {
    expect(pauseAfterBlockMs(1, undefined, 1, settings)).toBe(144_000);
  });
});

describe('any sequence of requests, ends and time', () => {
  const action = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('request' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('release' as const),
        pick: fc.nat(),
        outcome: fc.constantFrom('answered' as const, 'failed' as const, 'blocked' as const),
        retryAfterMs: fc.option(fc.nat(30_000), { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat() }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  );
  const script = fc.array(fc.tuple(fc.nat(8_000), action), { maxLength: 80 });

  it('keeps places, spacing, pauses and order, and answers everyone exactly once', () => {
    fc.assert(
      fc.property(script, (events) => {
        const play = new Play();
        const waiting: number[] = [];
        const active: number[] = [];
        let nowMs = 0;
        let lastId = 0;
        let lastGrantMs = -Infinity;
        const send = (event: LimiterEvent) => {
          const pausedUntilMs = play.state.pausedUntilMs;
          const { decisions, wakeAtMs, state } = play.send(nowMs, event);
          for (const decision of decisions) {
            if (decision.kind === 'refuse') {
              expect(waiting).toContain(decision.id);
              waiting.splice(waiting.indexOf(decision.id), 1);
              expect(decision.retryAfterMs).toBeGreaterThan(0);
              continue;
            }
            expect(decision.id).toBe(waiting.shift());
            expect(nowMs).toBeGreaterThanOrEqual(Math.max(pausedUntilMs, state.pausedUntilMs));
            expect(nowMs - lastGrantMs).toBeGreaterThanOrEqual(settings.minSpacingMs);
            lastGrantMs = nowMs;
            active.push(decision.id);
          }
          expect(state.active.length).toBeLessThanOrEqual(settings.concurrency);
          expect(state.waiting.map(({ id }) => id)).toEqual(waiting);
          for (const { sinceMs } of state.waiting) {
            expect(nowMs).toBeLessThan(sinceMs + settings.maxWaitMs);
          }
          // Whoever waits is looked at again, and never in the past.
          expect(wakeAtMs === null).toBe(waiting.length === 0);
          if (wakeAtMs !== null) expect(wakeAtMs).toBeGreaterThan(nowMs);
        };
        for (const [elapsedMs, { kind, ...facts }] of events) {
          nowMs += elapsedMs;
          if (kind === 'tick') send({ kind });
          if (kind === 'request') {
            waiting.push(++lastId);
            send({ kind, id: lastId });
          }
          if (kind === 'withdraw' && waiting.length > 0 && 'pick' in facts) {
            const [id] = waiting.splice(facts.pick % waiting.length, 1) as [number];
            send({ kind, id });
          }
          if (kind === 'release' && active.length > 0 && 'outcome' in facts) {
            const [id] = active.splice(facts.pick % active.length, 1) as [number];
            const { outcome, retryAfterMs } = facts;
            send({ kind, id, outcome, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
