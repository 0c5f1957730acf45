// Room that is kept back for runs which write nothing themselves: on a real small disk that somebody fills.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FinishedRuns } from '../../../activities/custody/finished-runs.js';
import { DEFAULT_LIMITS } from '../../../activities/custody/limits.js';
import { SPARE_FILE, SpareRoom } from '../../../activities/custody/spare-room.js';
import { hubOf } from '../../../core/hub.js';
import type { RunSpec } from '../../../core/run.js';
import { SmallDisk } from '../recording/support/small-disk.js';
import { commandSpec } from './bench.js';
import { itMountsInANamespace, MAY_MOUNT } from '../../support/mounting.js';

const PUSH: RunSpec = {
  ...commandSpec(['true']),
  workflowId: 'capture/desk',
  branch: 'live',
  recipe: { kind: 'push-hub', hub: hubOf('desk'), target: { url: 'file:///dev/null', format: 'auto' } },
};
const RUN_BYTES = 200_000;

describe('room kept back', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/activities/custody/spare-room.test.ts', 120_000);
    return;
  }

  let disk: SmallDisk;
  let finished: FinishedRuns;
  let spare: SpareRoom;
  let runs: string;

  beforeEach(async () => {
    disk = new SmallDisk(16);
    runs = join(disk.path, 'runs');
    mkdirSync(runs);
    finished = new FinishedRuns(DEFAULT_LIMITS);
    spare = new SpareRoom(disk.path, finished);
    await spare.refill();
  });

  afterEach(() => disk.remove());

  it('is given to a push on a full disk, again and again, and kept back anew when there is plenty', async () => {
    const before = statSync(join(disk.path, SPARE_FILE)).size;
    for (let run = 0; run < 3; run += 1) {
      disk.fillUntil(0);
      await spare.giveTo(PUSH);
      expect(disk.freeBytes).toBeGreaterThanOrEqual(RUN_BYTES);
    }
    await spare.refill();
    expect(statSync(join(disk.path, SPARE_FILE)).size).toBeLessThan(before);
    disk.free();
    await spare.refill();
    expect(statSync(join(disk.path, SPARE_FILE)).size).toBe(before);
  });

  it('is not given to a recording, nor to anybody while there is room', async () => {
    const before = statSync(join(disk.path, SPARE_FILE)).size;
    await spare.giveTo(PUSH);
    disk.fillUntil(0);
    await spare.giveTo(commandSpec(['true']));
    expect(disk.freeBytes).toBe(0);
    expect(statSync(join(disk.path, SPARE_FILE)).size).toBe(before);
  });

  it('is spared where the directories of earlier runs of the branch can go, all but the last', async () => {
    const before = statSync(join(disk.path, SPARE_FILE)).size;
    const folders = ['1', '2', '3'].map((name) => join(runs, name));
    for (const [index, folder] of folders.entries()) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'log'), Buffer.alloc(RUN_BYTES * 2));
      finished.add(PUSH.workflowId, PUSH.branch, folder, index);
    }
    disk.fillUntil(0);
    await spare.giveTo(PUSH);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true]);
    expect(statSync(join(disk.path, SPARE_FILE)).size).toBe(before);
  });
});
