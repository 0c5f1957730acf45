import { describe, expect, it } from '@jest/globals';
import { ReportQueue } from '../../../activities/jobs/report-queue.js';

const progress = (percent: number | null, text?: string) =>
  ({ type: 'progress', percent, ...(text === undefined ? {} : { text }) }) as const;
const line = (message: string) => ({ type: 'log', level: 'info', message }) as const;

/** What is told of a row of percents, when each is taken at once. */
function toldOf(percents: readonly number[], everyMs = 10): number[] {
  const queue = new ReportQueue();
  return percents.flatMap((percent, index) => {
    queue.add(progress(percent), index * everyMs);
    return queue.take().flatMap((entry) => (entry.type === 'progress' ? [entry.percent ?? -1] : []));
  });
}

describe('what a step has to tell', () => {
  it('is progress only when it has changed by a percent, is complete, or is old', () => {
    expect(toldOf([0, 0.4, 0.9, 1, 1.9, 2.5, 99.5, 100])).toEqual([0, 1, 2.5, 99.5, 100]);
    expect(toldOf([50, 50, 50, 50], 10_000)).toEqual([50, 50]);
  });

  it('waits in order, and progress takes the place of progress that was not told', () => {
    const queue = new ReportQueue();
    queue.add(progress(1), 0);
    queue.add(progress(2), 0);
    queue.add(line('a'), 0);
    queue.add(progress(3), 0);
    expect(queue.take()).toEqual([progress(2), line('a'), progress(3)]);
    expect(queue.take()).toEqual([]);
  });

  it('loses no text that was generated, however it comes', () => {
    const queue = new ReportQueue();
    const parts = Array.from({ length: 500 }, (_, index) => `${index} `.padEnd(200, '.'));
    for (const part of parts) queue.add(progress(10, part), 0);
    const texts = queue.take().map((entry) => (entry.type === 'progress' ? (entry.text ?? '') : ''));
    expect(texts.join('')).toBe(parts.join(''));
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(16_000);
  });

  it('is bounded: lines have an end, and the oldest make room', () => {
    const queue = new ReportQueue();
    for (let index = 1; index <= 1_000; index += 1) queue.add(line(`line ${index}`), 0);
    const told = queue.take();
    expect(told).toHaveLength(200);
    expect(told.at(-1)).toEqual(line('this step has more to say; further lines are left out'));
    for (let index = 0; index < 1_000; index += 1) {
      queue.add({ type: 'error', fatal: false, error_code: `${index}`, message: '' }, 0);
    }
    expect(queue.take()).toHaveLength(400);
  });
});
