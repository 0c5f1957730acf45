// Goal: a probe is believed exactly when it has said the same for long enough. Method: properties over arbitrary readings.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  debounce,
  DEBOUNCE_START,
  settlesInMs,
  type DebounceRule,
  type DebounceState,
  type SignalReading,
} from '../../../core/signal/debounce.js';

interface Timed {
  readonly reading: SignalReading;
  readonly atMs: number;
}

const rules: fc.Arbitrary<DebounceRule> = fc.record({
  until: fc.constantFrom('loss', 'return'),
  holdMs: fc.integer({ min: 1, max: 60_000 }),
});

/** Readings with pauses between them, the first at the instant 0. */
function timeline(readings: fc.Arbitrary<SignalReading>, pauseMaxMs: number): fc.Arbitrary<Timed[]> {
  const steps = fc.array(fc.tuple(readings, fc.integer({ min: 1, max: pauseMaxMs })), { minLength: 1 });
  return steps.map((list) => {
    let atMs = 0;
    return list.map(([reading, pauseMs]) => {
      const timed = { reading, atMs };
      atMs += pauseMs;
      return timed;
    });
  });
}

function after(readings: readonly Timed[], rule: DebounceRule): DebounceState {
  return readings.reduce((state, { reading, atMs }) => debounce(state, reading, atMs, rule), DEBOUNCE_START);
}

function forChange({ until }: DebounceRule): SignalReading {
  return until === 'loss' ? 'no_signal' : 'signal';
}

function against({ until }: DebounceRule): SignalReading {
  return until === 'loss' ? 'signal' : 'no_signal';
}

const anyReading = fc.constantFrom<SignalReading>('signal', 'no_signal', 'unknown');

describe('the debounce of a signal probe', () => {
  it('believes a steady probe exactly when the time is over, and says since when it has been so', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 100, max: 5_000 }), (rule, intervalMs) => {
        const wrong: number[] = [];
        let state = DEBOUNCE_START;
        for (let atMs = 7; !state.settled; atMs += intervalMs) {
          state = debounce(state, forChange(rule), atMs, rule);
          if (state.settled !== atMs - 7 >= rule.holdMs || state.sinceMs !== 7) wrong.push(atMs);
        }
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('never believes a probe that flaps faster than the time to hold', () => {
    fc.assert(
      fc.property(rules, fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true })), (rule, fractions) => {
        let atMs = 0;
        const readings = fractions.flatMap((fraction): Timed[] => {
          const first = { reading: forChange(rule), atMs };
          atMs += fraction * rule.holdMs;
          const last = { reading: forChange(rule), atMs };
          atMs += 1;
          return [first, last, { reading: against(rule), atMs: atMs++ }];
        });
        expect(after(readings, rule).settled).toBe(false);
      }),
    );
  });

  it('believes nothing but an unbroken series of answers for the change that is long enough', () => {
    fc.assert(
      fc.property(rules, timeline(anyReading, 20_000), (rule, readings) => {
        let state = DEBOUNCE_START;
        let series: Timed[] = [];
        for (const timed of readings) {
          state = debounce(state, timed.reading, timed.atMs, rule);
          if (timed.reading === against(rule)) series = [];
          if (timed.reading === forChange(rule)) series.push(timed);
          if (!state.settled) continue;
          expect(timed.reading).toBe(forChange(rule));
          expect(timed.atMs - (series[0]?.atMs ?? Number.NaN)).toBeGreaterThanOrEqual(rule.holdMs);
          return;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never takes silence for a loss or a return', () => {
    fc.assert(
      fc.property(rules, timeline(fc.constant<SignalReading>('unknown'), 60_000), (rule, readings) => {
        expect(after(readings, rule)).toMatchObject({ settled: false, sinceMs: null });
      }),
    );
  });

  it('goes on counting over a short silence', () => {
    const rule = { until: 'loss', holdMs: 2_000 } as const;
    const readings: Timed[] = [
      { reading: 'no_signal', atMs: 0 },
      { reading: 'unknown', atMs: 500 },
      { reading: 'unknown', atMs: 1_500 },
      { reading: 'no_signal', atMs: 2_000 },
    ];
    expect(after(readings.slice(0, 3), rule).settled).toBe(false);
    expect(after(readings, rule)).toMatchObject({ settled: true, sinceMs: 0 });
  });

  it('begins anew after a long silence', () => {
    const rule = { until: 'loss', holdMs: 2_000 } as const;
    const readings: Timed[] = [
      { reading: 'no_signal', atMs: 0 },
      { reading: 'unknown', atMs: 500 },
      { reading: 'no_signal', atMs: 60_000 },
    ];
    expect(after(readings, rule)).toMatchObject({ settled: false, sinceMs: 60_000 });
  });

  it('believes the first answer when there is nothing to hold', () => {
    const rule = { until: 'return', holdMs: 0 } as const;
    expect(debounce(DEBOUNCE_START, 'no_signal', 5, rule).settled).toBe(false);
    expect(debounce(DEBOUNCE_START, 'signal', 5, rule).settled).toBe(true);
  });

  it('knows when the next answer can settle it, and not before there is one for the change', () => {
    const rule = { until: 'loss', holdMs: 2_000 } as const;
    const started = debounce(DEBOUNCE_START, 'no_signal', 100, rule);
    expect(settlesInMs(DEBOUNCE_START, 100, rule)).toBeNull();
    expect(settlesInMs(started, 600, rule)).toBe(1_500);
    expect(settlesInMs(started, 9_000, rule)).toBe(0);
    expect(settlesInMs(debounce(started, 'unknown', 700, rule), 700, rule)).toBeNull();
  });
});
