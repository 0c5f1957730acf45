/**
 * Goal: each source keeps its own beat through restarts and absences: no drift, no two cycles for one tick, nothing made up for.
 * Method: properties over ids, intervals and instants, and a simulated day.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextTickMs, placeWithin, type Schedule } from '../../../core/schedule/index.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const anySchedule = fc.record({
  id: fc.string({ minLength: 1, maxLength: 40 }),
  intervalMs: fc.integer({ min: SECOND_MS, max: 7 * DAY_MS }),
});
const anyInstant = fc.integer({ min: 0, max: 4_102_444_800_000 });

/** Follows the beat for a number of cycles, each beginning `latenessMs` after its instant. */
function beat(schedule: Schedule, fromMs: number, cycles: number, latenessMs = 0): number[] {
  const instants: number[] = [];
  let lastBeganMs: number | null = null;
  let nowMs = fromMs;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const atMs = nextTickMs(schedule, nowMs, lastBeganMs);
    instants.push(atMs);
    nowMs = lastBeganMs = atMs + latenessMs;
  }
  return instants;
}

describe('ticks', () => {
  it('come after now and within one interval and its jitter', () => {
    fc.assert(
      fc.property(anySchedule, anyInstant, (schedule, nowMs) => {
        const atMs = nextTickMs(schedule, nowMs, null);
        expect(atMs).toBeGreaterThan(nowMs);
        expect(atMs - nowMs).toBeLessThanOrEqual(schedule.intervalMs * 1.1 + 1);
      }),
    );
  });

  it('do not depend on when somebody asks for them', () => {
    fc.assert(
      fc.property(
        anySchedule,
        anyInstant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (schedule, nowMs, part) => {
          const atMs = nextTickMs(schedule, nowMs, null);
          const laterMs = nowMs + Math.floor((atMs - nowMs - 1) * part);
          expect(nextTickMs(schedule, laterMs, null)).toBe(atMs);
        },
      ),
    );
  });

  it('do not drift: after any number of late cycles the beat is the one it was', () => {
    fc.assert(
      fc.property(
        anySchedule,
        anyInstant,
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (schedule, fromMs, cycles, lateness) => {
          const late = beat(schedule, fromMs, cycles, Math.floor(lateness * schedule.intervalMs));
          expect(late).toEqual(beat(schedule, fromMs, cycles));
          const spanMs = (late.at(-1) ?? 0) - (late[0] ?? 0);
          expect(Math.abs(spanMs - (cycles - 1) * schedule.intervalMs)).toBeLessThanOrEqual(
            schedule.intervalMs * 0.1 + 1,
          );
        },
      ),
    );
  });

  it('never give two cycles for one tick, also when a clock wakes a cycle early', () => {
    fc.assert(
      fc.property(anySchedule, anyInstant, fc.nat(500), (schedule, nowMs, earlyMs) => {
        const atMs = nextTickMs(schedule, nowMs, null);
        const beganMs = atMs - Math.min(earlyMs, schedule.intervalMs * 0.4);
        const following = nextTickMs(schedule, beganMs, beganMs);
        expect(following - atMs).toBeGreaterThanOrEqual(schedule.intervalMs * 0.5 - 1);
      }),
    );
  });

  it('are skipped when they were missed: after an absence of a day there is one, not 288', () => {
    const schedule = { id: 'news', intervalMs: 300_000 };
    const [last = 0] = beat(schedule, 0, 1);
    const nowMs = last + DAY_MS;
    const next = nextTickMs(schedule, nowMs, last);
    expect(next).toBeGreaterThan(nowMs);
    expect(nextTickMs(schedule, next, next) - next).toBeGreaterThan(250_000);
  });

  it('keep away from a cycle that a person asked for in between', () => {
    fc.assert(
      fc.property(anySchedule, anyInstant, (schedule, askedMs) => {
        const gapMs = nextTickMs(schedule, askedMs, askedMs) - askedMs;
        expect(gapMs).toBeGreaterThanOrEqual(schedule.intervalMs * 0.5);
        expect(gapMs).toBeLessThanOrEqual(schedule.intervalMs * 1.61);
      }),
    );
  });

  it('spread a thousand sources evenly over their interval', () => {
    const perMinute = [0, 0, 0, 0, 0];
    for (let source = 0; source < 1_000; source++) {
      const minute = Math.floor(placeWithin(`source-${source}`, 300_000) / 60_000);
      perMinute[minute] = (perMinute[minute] ?? 0) + 1;
    }
    expect(Math.min(...perMinute)).toBeGreaterThan(160);
    expect(Math.max(...perMinute)).toBeLessThan(240);
  });
});
