import { describe, expect, it } from '@jest/globals';
import { parseRetryAfterMs } from '../../core/retry-after.js';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', 1_500],
    ['0.0004', 1],
    ['Thu Jan  1 00:01:00 2026', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['1e3', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is read as %s ms', (header, expected) => {
    expect(parseRetryAfterMs(header, nowMs)).toBe(expected);
  });
});
