/** Goal: a range is always a part of the file, and what is no range is never refused (RFC 9110, 14.2). */
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { byteRangeOf } from '../../../../client/gateway/jobs/byte-range.js';

describe('a range', () => {
  it.each([
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=8-100', { start: 8, end: 9 }],
    ['bytes=10-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=5-2', 'whole'],
    ['bytes=0-1,4-5', 'whole'],
    ['bytes=-', 'whole'],
    ['items=0-1', 'whole'],
    [undefined, 'whole'],
  ])('%s of ten bytes', (header, expected) => {
    expect(byteRangeOf(header, 10)).toEqual(expected);
  });

  it('lies within the file, whatever is asked for', () => {
    const part = fc.oneof(fc.constant(''), fc.nat().map(String));
    fc.assert(
      fc.property(part, part, fc.nat(10_000), (first, last, size) => {
        const range = byteRangeOf(`bytes=${first}-${last}`, size);
        if (typeof range === 'string') return true;
        return range.start >= 0 && range.start <= range.end && range.end < size;
      }),
    );
  });
});
