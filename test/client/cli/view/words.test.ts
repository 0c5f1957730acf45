import { describe, expect, it } from '@jest/globals';
import {
  clockTime,
  humanBitrate,
  humanBytes,
  humanDuration,
  humanSince,
} from '../../../../client/cli/view/words.js';

describe('durations', () => {
  it('are told with their two largest units', () => {
    const told = [0, 850, 12_000, 185_000, 7_800_000, 356_400_000].map(humanDuration);
    expect(told).toEqual(['0ms', '850ms', '12s', '3m 05s', '2h 10m', '4d 03h']);
  });

  it('that cannot be are zero', () => {
    expect([-1, Number.NaN, Number.POSITIVE_INFINITY].map(humanDuration)).toEqual(['0s', '0s', '0s']);
    expect(humanSince(null, 0)).toBe('');
    expect(humanSince('rubbish', 0)).toBe('');
    expect(humanSince('2026-03-01T00:00:05.000Z', Date.parse('2026-03-01T00:00:00Z'))).toBe('0ms');
  });
});

describe('sizes, rates and times', () => {
  it('have one decimal above their smallest unit', () => {
    expect([512, 1_500, 2_100_000_000].map(humanBytes)).toEqual(['512 B', '1.5 kB', '2.1 GB']);
    expect([640.4, 6_200].map(humanBitrate)).toEqual(['640 kbit/s', '6.2 Mbit/s']);
  });

  it('of another day carry the date', () => {
    const nowMs = Date.parse('2026-03-02T10:00:00Z');
    expect(clockTime('2026-03-02T09:03:05.123Z', nowMs)).toBe('09:03:05Z');
    expect(clockTime('2026-03-01T09:03:05.123Z', nowMs)).toBe('2026-03-01 09:03:05Z');
  });
});
