import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lookAtStorage, reserveWatchState, StorageWatch } from '../../../activities/storage/index.js';
import type { StorageSettings } from '../../../core/run.js';
import { SmallDisk } from '../recording/support/small-disk.js';

let disk: SmallDisk;
let folder: string;
let runDir: string;

beforeEach(() => {
  disk = new SmallDisk(20);
  folder = join(disk.path, 'tape');
  mkdirSync(folder);
  runDir = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));
  reserveWatchState(join(runDir, 'watch.json'));
});

afterEach(() => {
  disk.remove();
  rmSync(runDir, { recursive: true });
});

function startWatch(settings: StorageSettings, bytesPerSecond: number | null = 10_000): StorageWatch {
  return new StorageWatch({
    folder,
    settings,
    stateFile: join(runDir, 'watch.json'),
    formerBytesPerSecond: () => Promise.resolve(bytesPerSecond),
  });
}

const MARKS = { minFreeBytes: 2_000_000, warnFreeBytes: 8_000_000 };

describe('the watch over a disk', () => {
  it('tells once that the soft watermark was crossed, also to the worker that adopts the run', async () => {
    const watch = startWatch(MARKS);
    await watch.look(0, 0);
    expect(watch.takeNews()).toBeNull();
    disk.fillUntil(7_000_000);
    await watch.look(0, 1_000);
    expect(watch.takeNews()).toEqual({ kind: 'storage_low', detail: 'about 8 min left (7.0 MB)' });
    await watch.look(0, 2_000);
    expect(watch.takeNews()).toBeNull();
    const adopted = startWatch(MARKS);
    disk.free();
    await adopted.look(0, 3_000);
    disk.fillUntil(7_000_000);
    await adopted.look(0, 4_000);
    expect(adopted.takeNews()).toBeNull();
    expect(adopted.mustEnd()).toBeNull();
  });

  it('does not tell what was so from the start', async () => {
    disk.fillUntil(7_000_000);
    const watch = startWatch(MARKS);
    await watch.look(0, 0);
    disk.fillUntil(5_000_000);
    await watch.look(0, 1_000);
    expect(watch.takeNews()).toBeNull();
  });

  it('tells of a crossing that no worker saw happen', async () => {
    await startWatch(MARKS).look(0, 0);
    disk.fillUntil(7_000_000);
    const adopted = startWatch(MARKS);
    await adopted.look(0, 60_000);
    expect(adopted.takeNews()).not.toBeNull();
  });

  it('takes its marks from the bitrate where there is no setting', async () => {
    const watch = startWatch({}, 50_000);
    await watch.look(0, 0);
    expect(watch.mustEnd()).toBeNull();
    disk.fillUntil(2_900_000);
    await watch.look(0, 1_000);
    expect(watch.mustEnd()?.text).toBe('free space is too low: 2.9 MB free, 3.0 MB are kept free');
  });

  it('ends a recording whose folder is read-only or gone', async () => {
    disk.makeReadOnly(folder);
    const watch = startWatch(MARKS);
    await watch.look(0, 0);
    expect(watch.mustEnd()).toMatchObject({ role: 'storage', writable: false });
    disk.makeWritable();
    expect(await lookAtStorage(folder)).toMatchObject({ kind: 'usable' });
    rmSync(folder, { recursive: true });
    expect(await lookAtStorage(folder)).toMatchObject({ kind: 'unwritable' });
  });
});
