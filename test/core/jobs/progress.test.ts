import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JOB_KINDS, JOB_STEPS, jobPercent, jobProgress, remainingOf } from '../../../core/jobs/index.js';

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
  });

  it('believes the last step about the time left, and no other', () => {
    const told = { percent: 50, remainingMs: 7_000 };
    expect(jobProgress(steps, 'long', told, 62_500).remainingMs).toBe(7_000);
    expect(jobProgress(steps, 'short', told, 12_500).remainingMs).toBe(87_500);
  });
});
