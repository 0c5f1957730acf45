import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  JOB_KINDS,
  JOB_STEPS,
  jobPercent,
  jobProgress,
  NO_WORK_DONE,
  remainingOf,
  stepsOf,
} from '../../../core/jobs/index.js';
import { clipParams } from '../../../core/jobs/params.js';

const CLIP = { recording: 'stream/alice', from: '2026-01-31T12:00:00Z', to: '2026-01-31T12:01:00Z' };

const steps = [
  { name: 'short', weight: 1 },
  { name: 'long', weight: 3 },
];

describe('progress of a job', () => {
  it('counts each step by its weight', () => {
    expect(jobPercent(steps, 'short', 0)).toBe(0);
    expect(jobPercent(steps, 'short', 100)).toBe(25);
    expect(jobPercent(steps, 'long', null)).toBe(25);
    expect(jobPercent(steps, 'long', 50)).toBe(62.5);
    expect(jobPercent(steps, 'long', 100)).toBe(100);
    expect(jobPercent(steps, 'other', 50)).toBeNull();
  });

  it('never goes back and stays within 0 to 100 while the steps of any kind go on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...JOB_KINDS),
        fc.array(fc.double({ min: -10, max: 110, noNaN: true })),
        (kind, told) => {
          const ordered = told.sort((left, right) => left - right);
          const all = JOB_STEPS[kind].flatMap(({ name }) =>
            ordered.map((percent) => jobPercent(JOB_STEPS[kind], name, percent) ?? -1),
          );
          expect(all).toEqual([...all].sort((left, right) => left - right));
          for (const percent of all) expect(percent >= 0 && percent <= 100).toBe(true);
        },
      ),
    );
  });

  it('guesses the time left by the time it took, and not from next to nothing', () => {
    expect(remainingOf(10_000, 50)).toBe(10_000);
    expect(remainingOf(10_000, 1)).toBeNull();
    expect(remainingOf(10_000, null)).toBeNull();
    expect(remainingOf(0, 50)).toBeNull();
    expect(remainingOf(10_000, 75, 50)).toBe(10_000);
    expect(remainingOf(10_000, 51, 50)).toBeNull();
  });

  it('believes a step about its own time left, and weighs what follows against all up to it', () => {
    const told = { percent: 50, elapsedMs: 5_000, remainingMs: 7_000 };
    expect(jobProgress(steps, 'long', told, { ms: 4_000, weight: 1 }).remainingMs).toBe(7_000);
    expect(jobProgress(steps, 'short', told, NO_WORK_DONE).remainingMs).toBe(7_000 + 3 * 12_000);
  });

  it('goes by the steps before as long as a step cannot say', () => {
    const silent = { percent: 0, elapsedMs: 1_000 };
    expect(jobProgress(steps, 'short', silent, NO_WORK_DONE).remainingMs).toBeNull();
    expect(jobProgress(steps, 'long', silent, { ms: 4_000, weight: 1 }).remainingMs).toBe(11_000);
    const overdue = { percent: 0, elapsedMs: 20_000 };
    expect(jobProgress(steps, 'long', overdue, { ms: 4_000, weight: 1 }).remainingMs).toBe(0);
  });

  it('weighs a clip by whether it is encoded again', () => {
    const weightsOf = (reencode: boolean) => {
      const params = clipParams.parse({ ...CLIP, reencode });
      return stepsOf({ id: 'c', kind: 'clip', params }).map(({ weight }) => weight);
    };
    const [copied, encoded] = [weightsOf(false), weightsOf(true)];
    expect(copied[0]).toBeGreaterThan(copied[1] ?? 0);
    expect(encoded[1]).toBeGreaterThan(10 * (encoded[0] ?? 0));
  });
});
