/**
 * Goal: a person can rely on the time that a job has left.
 * Method: the course of a job is played with given durations, and what is told of it is compared with what then happens.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from '../../../activities/jobs/pace.js';
import {
  JOB_KINDS,
  JOB_STEPS,
  jobProgress,
  NO_WORK_DONE,
  type JobKind,
  type WorkDone,
} from '../../../core/jobs/index.js';
import { counted } from '../../../core/jobs/step.js';

interface PlayedStep {
  readonly ms: number;
  /** What is counted, one at a time and equally fast. */
  readonly count: number;
  /** Reports while one of them is worked on. */
  readonly reportsBetween: number;
}

interface Told {
  readonly step: string;
  readonly atMs: number;
  readonly remainingMs: number | null;
}

/** Makes the steps of a job in no time, on a clock of its own. */
function play(kind: JobKind, played: readonly PlayedStep[]): { told: Told[]; totalMs: number } {
  const told: Told[] = [];
  let before: WorkDone = NO_WORK_DONE;
  let beginMs = 0;
  for (const [index, { name, weight }] of JOB_STEPS[kind].entries()) {
    const { ms, count, reportsBetween } = played[index] as PlayedStep;
    const pace = new Pace(beginMs);
    const ticks = count * (reportsBetween + 1);
    for (let tick = 0; tick <= ticks; tick += 1) {
      const atMs = beginMs + (ms * tick) / ticks;
      const done = Math.floor(tick / (reportsBetween + 1));
      const progress = pace.judge(counted(done, count, 'items'), atMs);
      const { remainingMs } = jobProgress(JOB_STEPS[kind], name, progress, before);
      told.push({ step: name, atMs, remainingMs });
    }
    before = { ms: before.ms + ms, weight: before.weight + weight };
    beginMs += ms;
  }
  return { told, totalMs: beginMs };
}

const anyStep = fc.record({
  ms: fc.integer({ min: 10, max: 3_600_000 }),
  count: fc.integer({ min: 1, max: 200 }),
  reportsBetween: fc.integer({ min: 0, max: 3 }),
});
/** Rounded milliseconds, multiplied by what the following steps weigh. */
const ROUNDING_MS = 100;

describe('the time that a job has left', () => {
  it('is never negative, and never grows while a step goes on equally fast', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...JOB_KINDS),
        fc.array(anyStep, { minLength: 5, maxLength: 5 }),
        (kind, played) => {
          const { told } = play(kind, played);
          for (const [index, { step, remainingMs }] of told.entries()) {
            if (remainingMs === null) continue;
            expect(remainingMs).toBeGreaterThanOrEqual(0);
            const last = told[index - 1];
            // The first words of a step of its own replace what was known before.
            if (last?.step !== step || !isStepJudged(told, index - 1, played, kind)) continue;
            expect(remainingMs).toBeLessThanOrEqual((last.remainingMs ?? 0) + ROUNDING_MS);
          }
          expect(told.at(-1)?.remainingMs ?? 0).toBeLessThanOrEqual(ROUNDING_MS);
        },
      ),
    );
  });

  it.each([
    ['half an hour in 30 segments', [6_868, 2_408, 493, 4_479, 1]],
    ['the same on a slower disk', [17_000, 2_600, 600, 3_700, 100]],
    ['ten hours in 600 segments', [137_000, 48_000, 8_000, 48_000, 10]],
  ])('is about right from early in the first step on: finalize, %s', (_title, durationsMs) => {
    const played = durationsMs.map((ms) => ({ ms, count: 30, reportsBetween: 1 }));
    const { told, totalMs } = play('finalize', played);
    const judged = told.filter(({ remainingMs }) => remainingMs !== null);
    expect(judged[0]?.atMs).toBeLessThan(0.1 * totalMs);
    for (const { atMs, remainingMs } of judged) {
      expect(Math.abs((remainingMs ?? 0) - (totalMs - atMs))).toBeLessThan(0.3 * totalMs);
    }
  });
});

/** True when a step had by then told enough to be judged by its own pace. */
function isStepJudged(
  told: readonly Told[],
  index: number,
  played: readonly PlayedStep[],
  kind: JobKind,
): boolean {
  const { step } = told[index] as Told;
  const place = JOB_STEPS[kind].findIndex(({ name }) => name === step);
  const first = told.findIndex((one) => one.step === step);
  const { count, reportsBetween } = played[place] as PlayedStep;
  const done = Math.floor((index - first) / (reportsBetween + 1));
  return (100 * done) / count >= 2;
}

describe('the pace of a step', () => {
  it('is what was done over the time it took, once something was done', () => {
    const pace = new Pace(0);
    expect(pace.judge(counted(0, 30, 'segments'), 1_000)).toMatchObject({ rate: null, remainingMs: null });
    expect(pace.judge(counted(3, 30, 'segments'), 2_500)).toMatchObject({
      rate: 2,
      remainingMs: 13_500,
      elapsedMs: 2_500,
    });
  });

  it('of an attempt says nothing about what an attempt before has made', () => {
    const pace = new Pace(0);
    pace.judge(counted(20, 30, 'stories'), 10);
    expect(pace.judge(counted(21, 30, 'stories'), 4_010)).toMatchObject({ rate: 0.25, remainingMs: 36_000 });
  });

  it('begins anew with another unit, which the time left does not', () => {
    const pace = new Pace(0);
    pace.judge({ percent: 0, done: 0, unit: 'pictures' }, 0);
    pace.judge({ percent: 40, done: 16, unit: 'pictures' }, 4_000);
    expect(pace.judge({ percent: 40, done: 0, unit: 'seconds' }, 4_000)).toMatchObject({
      rate: null,
      remainingMs: 6_000,
    });
    expect(pace.judge({ percent: 70, done: 600, unit: 'seconds' }, 7_000)).toMatchObject({
      rate: 200,
      remainingMs: 3_000,
    });
  });

  it('does not sink while one thing is worked on and only its text is told', () => {
    const pace = new Pace(0);
    pace.judge(counted(0, 4, 'stories'), 0);
    pace.judge(counted(1, 4, 'stories'), 20_000);
    const later = [25_000, 39_000, 90_000].map((atMs) => pace.judge(counted(1, 4, 'stories'), atMs));
    expect(later.map(({ rate }) => rate)).toEqual([0.05, 0.05, 0.05]);
    expect(later.map(({ remainingMs }) => remainingMs)).toEqual([55_000, 41_000, 40_000]);
  });

  it('leaves a rate alone that the step knows better', () => {
    const pace = new Pace(0);
    expect(pace.judge({ percent: 50, done: 1, total: 2, unit: 'parts', rate: 0.5 }, 100).rate).toBe(0.5);
  });
});
