import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JOB_EVENTS_KEPT, JOB_LOG_BYTES_MAX, JobLog } from '../../../core/jobs/log.js';

const TIME = '2026-03-04T05:06:07.000Z';
const line = (message: string) => ({ type: 'log', level: 'info', message }) as const;

/** Lengths of lines, some of them long enough to fill a log by themselves. */
const lengths = fc.array(fc.oneof(fc.nat(200), fc.nat(JOB_LOG_BYTES_MAX)), { maxLength: 60 });

describe('the log of a job', () => {
  it('keeps the newest events without holes, whatever comes', () => {
    fc.assert(
      fc.property(lengths, (sizes) => {
        const log = new JobLog();
        for (const size of sizes) log.append(line('x'.repeat(size)), TIME);
        const kept = log.carry();
        expect(log.lastOffset).toBe(sizes.length);
        expect(kept.map(({ offset }) => offset)).toEqual(kept.map((_, index) => log.firstOffset + index));
        expect(kept.at(-1)?.offset ?? 0).toBe(sizes.length);
        if (kept.length > 1) expect(JSON.stringify(kept).length).toBeLessThan(JOB_LOG_BYTES_MAX * 1.1);
      }),
      { numRuns: 50 },
    );
  });

  it('goes on where it was when it is carried over', () => {
    fc.assert(
      fc.property(lengths, lengths, (before, after) => {
        const whole = new JobLog();
        const first = new JobLog();
        for (const size of before) for (const log of [whole, first]) log.append(line('x'.repeat(size)), TIME);
        const second = new JobLog(first.carry());
        for (const size of after) for (const log of [whole, second]) log.append(line('x'.repeat(size)), TIME);
        expect(second.carry()).toEqual(whole.carry());
        expect(second.lastOffset).toBe(whole.lastOffset);
      }),
      { numRuns: 30 },
    );
  });

  it('gives what comes after an offset, and all that it has to whoever is behind it', () => {
    const log = new JobLog();
    const extra = 5;
    for (let index = 1; index <= JOB_EVENTS_KEPT + extra; index += 1) log.append(line(`${index}`), TIME);
    expect(log.firstOffset).toBe(extra + 1);
    expect(log.after(0, 2).map(({ offset }) => offset)).toEqual([extra + 1, extra + 2]);
    expect(log.after(extra + 10, 1).map(({ offset }) => offset)).toEqual([extra + 11]);
    expect(log.after(log.lastOffset)).toEqual([]);
    expect(log.after(log.lastOffset + 100)).toEqual([]);
    expect(log.after(0)).toHaveLength(500);
  });

  it('of a job that has told nothing is empty', () => {
    expect(new JobLog().after(0)).toEqual([]);
    expect(new JobLog().firstOffset).toBe(0);
    expect(new JobLog().lastOffset).toBe(0);
  });
});
