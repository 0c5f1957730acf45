import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { storageEvidence, watermarksOf } from '../../../activities/storage/index.js';
import { GrowthRate } from '../../../activities/storage/growth-rate.js';
import { sizeInWords } from '../../../activities/storage/words.js';
import { classify } from '../../../core/classify/index.js';

const MBIT_6_BYTES_PER_SECOND = 750_000;

describe('the watermarks', () => {
  it('are one and ten minutes at the measured bitrate', () => {
    expect(watermarksOf({}, MBIT_6_BYTES_PER_SECOND)).toEqual({
      minFreeBytes: 45_000_000,
      warnFreeBytes: 450_000_000,
    });
  });

  it('are what the settings say, but for the room that closing takes', () => {
    expect(watermarksOf({ minFreeBytes: 5_000_000, warnFreeBytes: 6_000_000 }, 1e9)).toEqual({
      minFreeBytes: 5_000_000,
      warnFreeBytes: 6_000_000,
    });
    expect(watermarksOf({ minFreeBytes: 0 }, null)).toEqual({ minFreeBytes: 1_000_000, warnFreeBytes: null });
  });

  it('keep at least the room that closing takes, whatever the settings and the bitrate', () => {
    fc.assert(
      fc.property(
        fc.option(fc.nat(1e9), { nil: undefined }),
        fc.option(fc.nat(1e8)),
        (minFreeBytes, rate) => {
          const settings = minFreeBytes === undefined ? {} : { minFreeBytes };
          expect(watermarksOf(settings, rate).minFreeBytes).toBeGreaterThanOrEqual(1_000_000);
        },
      ),
    );
  });
});

describe('what is found of a disk', () => {
  it('says nothing while there is room or no answer', () => {
    expect(storageEvidence({ kind: 'usable', freeBytes: 10 }, 10)).toBeNull();
    expect(storageEvidence({ kind: 'unknown' }, 10)).toBeNull();
  });

  it('is classified with the figures in the detail', () => {
    const evidence = storageEvidence({ kind: 'usable', freeBytes: 2_100_000 }, 15_000_000);
    expect(classify(evidence ?? {})).toMatchObject({
      cause: 'storage_full',
      detail: 'free space is too low: 2.1 MB free, 15 MB are kept free',
    });
    expect(classify(storageEvidence({ kind: 'unwritable', detail: 'EROFS' }, 1) ?? {}).cause).toBe(
      'read_only_storage',
    );
  });

  it('decides also after the signal with which the recording was ended', () => {
    const evidence = storageEvidence({ kind: 'usable', freeBytes: 0 }, 15_000_000);
    expect(classify({ exitCode: null, exitSignal: 'SIGKILL', ...evidence }).cause).toBe('storage_full');
    expect(classify({ exitCode: 255, exitSignal: null, ...evidence }).cause).toBe('storage_full');
  });
});

describe('the growth rate', () => {
  it('is not known before the recording has grown for some seconds', () => {
    const growth = new GrowthRate();
    for (let second = 0; second < 6; second += 1) growth.note(second * 1_000, second * 1_000);
    expect(growth.bytesPerSecond).toBeNull();
    growth.note(6_000, 6_000);
    expect(growth.bytesPerSecond).toBeCloseTo(1_000);
  });

  it('is not taken from what an adopted recording holds already', () => {
    const growth = new GrowthRate();
    growth.note(0, 0);
    for (let second = 1; second < 10; second += 1) growth.note(1e9 + second * 1_000, second * 1_000);
    expect(growth.bytesPerSecond).toBeCloseTo(1_000);
  });

  it('is that of the last minute, and pauses do not count', () => {
    const growth = new GrowthRate();
    let bytes = 0;
    for (let second = 0; second <= 300; second += 1) {
      const isPaused = second % 10 < 4;
      if (!isPaused) bytes += second < 200 ? 100 : 7_000;
      growth.note(bytes, second * 1_000);
    }
    expect(growth.bytesPerSecond).toBeCloseTo(7_000);
  });
});

it('sizes are said with as many digits as count', () => {
  expect([0, 999, 1_234, 15_000_000, 1_200_000_000].map(sizeInWords)).toEqual([
    '0 B',
    '999 B',
    '1.2 kB',
    '15 MB',
    '1.2 GB',
  ]);
});
