import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { expiredSegments, type StoredSegment } from '../../../activities/storage/index.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

/** Segments of the last hours, oldest first. */
const segments = fc
  .array(fc.record({ bytes: fc.nat(1_000_000), lengthMs: fc.integer({ min: 1, max: HOUR_MS }) }), {
    maxLength: 50,
  })
  .map((parts) => {
    let writtenAtMs = NOW_MS - parts.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
    return parts.map(({ bytes, lengthMs }, index): StoredSegment => {
      writtenAtMs += lengthMs;
      return { file: `segment-${index}`, bytes, writtenAtMs };
    });
  });

describe('what a recording does not keep', () => {
  it('is nothing without a setting', () => {
    fc.assert(
      fc.property(segments, (all) => {
        expect(expiredSegments(all, {}, NOW_MS)).toEqual([]);
      }),
    );
  });

  it('is always the oldest part, and what stays is within the limits', () => {
    const settings = fc.record(
      { keepMs: fc.nat(20 * HOUR_MS), keepBytes: fc.nat(20_000_000) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(segments, settings, (all, chosen) => {
        const { keepMs, keepBytes } = chosen;
        const given = {
          ...(keepMs === undefined ? {} : { keepMs }),
          ...(keepBytes === undefined ? {} : { keepBytes }),
        };
        const expired = expiredSegments(all, given, NOW_MS);
        expect(expired.map(({ file }) => file)).toEqual(all.slice(0, expired.length).map(({ file }) => file));
        const kept = all.slice(expired.length);
        const keptBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
        if (keepBytes !== undefined) expect(keptBytes).toBeLessThanOrEqual(keepBytes);
        if (keepMs !== undefined) {
          for (const { writtenAtMs } of kept) expect(NOW_MS - writtenAtMs).toBeLessThanOrEqual(keepMs);
        }
        // Nothing goes that could have stayed.
        const last = all[expired.length - 1];
        if (last === undefined) return;
        const isTooOld = keepMs !== undefined && NOW_MS - last.writtenAtMs > keepMs;
        const isTooMuch = keepBytes !== undefined && keptBytes + last.bytes > keepBytes;
        expect(isTooOld || isTooMuch).toBe(true);
      }),
    );
  });

  it('says which rule a segment went by', () => {
    const old = { file: 'a', bytes: 5, writtenAtMs: NOW_MS - 3 * HOUR_MS };
    const young = { file: 'b', bytes: 5_000_000, writtenAtMs: NOW_MS };
    expect(expiredSegments([old, young], { keepMs: 2 * HOUR_MS, keepBytes: 4_000_000 }, NOW_MS)).toEqual([
      { file: 'a', reason: 'older than 2h' },
      { file: 'b', reason: 'more than 4.0 MB in all' },
    ]);
  });
});
