import { describe, expect, it } from '@jest/globals';
import { assert as check, integer, property } from 'fast-check';
import { formatSizeBytes, parseSizeBytes, size } from '../../../core/config/size.js';

describe('a size', () => {
  it('is bytes or a string with a unit, in either case', () => {
    expect([7, '7B', '1.5kB', '500MB', '2GiB', '2gib', '1 TB'].map(parseSizeBytes)).toEqual([
      7, 7, 1_500, 500_000_000, 2_147_483_648, 2_147_483_648, 1_000_000_000_000,
    ]);
  });

  it.each(['', '5', '5 megs', '-1MB', 'MB'])('is not %j', (text) => {
    expect(parseSizeBytes(text)).toBeUndefined();
  });

  it.each([-1, '9999999TB'])('refuses %j with what is allowed', (value) => {
    expect(size().safeParse(value).error?.issues[0]?.message).toBe(
      'expected a size in bytes or a string like 500MB, 2GiB',
    );
  });

  it('is written so that it reads back as the same', () => {
    check(
      property(integer({ min: 0, max: 2 ** 50 }), (bytes) => {
        expect(parseSizeBytes(formatSizeBytes(bytes))).toBe(bytes);
      }),
    );
    expect(formatSizeBytes(15 * 2 ** 20)).toBe('15MiB');
  });
});
