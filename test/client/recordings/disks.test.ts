import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { disksUnder, tightestDisk, type RecordingDisk } from '../../../client/recordings/index.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('the disks of recordings', () => {
  it('are named once each, by the uppermost folder, and not at all where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-disks-'));
    folders.push(folder);
    mkdirSync(join(folder, 'tape', 'deeper'), { recursive: true });
    const disks = await disksUnder(folder, 2);
    expect(disks).toMatchObject([{ folder, problem: null }]);
    expect(disks[0]?.freeBytes).toBeGreaterThan(0);
    expect(await disksUnder(join(folder, 'missing'), 2)).toEqual([]);
  });

  it('are tightest where nothing can be written, then where the least is free', () => {
    const disk = (freeBytes: number, problem: string | null = null): RecordingDisk => ({
      folder: '/data',
      device: 1,
      freeBytes,
      problem,
    });
    expect(tightestDisk([])).toBeUndefined();
    expect(tightestDisk([disk(7), disk(3), disk(5)])).toEqual(disk(3));
    expect(tightestDisk([disk(0), disk(9, 'EROFS')])).toEqual(disk(9, 'EROFS'));
  });
});
