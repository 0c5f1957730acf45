import { describe, expect, it } from '@jest/globals';
import { assert as check, double, nat, property } from 'fast-check';
import { RETRY_MAX_MS, retryDelayMs } from '../../../activities/notify/backoff.js';

describe('the pause between attempts', () => {
  it('doubles from 2 s to 5 min', () => {
    const delays = Array.from({ length: 10 }, (_, index) => retryDelayMs(index + 1, 0));
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]);
  });

  it('is never shorter than the sink asked for, up to an hour', () => {
    expect(retryDelayMs(1, 0, 45_000)).toBe(45_000);
    expect(retryDelayMs(9, 0, 1_000)).toBe(RETRY_MAX_MS);
    expect(retryDelayMs(1, 0, Number.MAX_SAFE_INTEGER)).toBe(3_600_000);
  });

  it('stays within its limits for any number of attempts', () => {
    check(
      property(nat(), double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const delay = retryDelayMs(attempts, random);
        expect(delay).toBeGreaterThanOrEqual(2_000);
        expect(delay).toBeLessThanOrEqual(RETRY_MAX_MS * 1.1);
      }),
    );
  });
});
