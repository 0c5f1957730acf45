import { describe, expect, it } from '@jest/globals';
import { assert as check, constantFrom, integer, property } from 'fast-check';
import { duration, formatDurationMs, parseDurationMs } from '../../../core/config/duration.js';

describe('a duration', () => {
  it('is seconds or a string with a unit', () => {
    expect([5, 0.5, '500ms', '30s', '2m', '1.5h', '7d', ' 2 m '].map(parseDurationMs)).toEqual([
      5_000, 500, 500, 30_000, 120_000, 5_400_000, 604_800_000, 120_000,
    ]);
  });

  it.each(['', '5', '-1s', '1 sec', '1h30m', 's', 'NaNs', '1e3s'])('is not %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('is not the number %d', (value) => {
    expect(parseDurationMs(value)).toBeUndefined();
  });

  it('is refused outside of its limits with the limits in the message', () => {
    const result = duration({ minMs: 1_000, maxMs: 3_600_000 }).safeParse('2h');
    expect(result.error?.issues[0]?.message).toBe(
      'expected a duration from 1s to 1h (seconds or a string like 500ms, 30s, 2m, 1h)',
    );
  });

  it('is written so that it reads back as the same', () => {
    check(
      property(
        integer({ min: 0, max: 10 ** 12 }),
        constantFrom(1, 1_000, 60_000, 3_600_000),
        (count, unit) => {
          const ms = Math.min(count * unit, 10 ** 12);
          expect(parseDurationMs(formatDurationMs(ms))).toBe(ms);
        },
      ),
    );
    expect([0, 90_000, 120_000, 1_500].map(formatDurationMs)).toEqual(['0s', '90s', '2m', '1500ms']);
  });
});
