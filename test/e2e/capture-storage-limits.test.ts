// Goal: a recording keeps within the room and the time it was given, warns before it ends, and ends the capture when it was all there was.
// Method: real small file systems, filled up to just below each mark; closed segments that are made older than they are.
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallDisk } from '../activities/recording/support/small-disk.js';
import { Cluster, until } from '../support/cluster.js';
import { RecordedCapture } from '../support/recorded-capture.js';
import { itMountsInANamespace, MAY_MOUNT } from '../support/mounting.js';

const MIN_FREE_BYTES = 2_000_000;
const WARN_FREE_BYTES = 12_000_000;
const KEEP_BYTES = 1_000_000;
const TWO_HOURS_MS = 7_200_000;

let cluster: Cluster;
const disks: SmallDisk[] = [];

const folderOf = (name: string): string => cluster.recordingFolder(`capture/${name}`, 'tape');

function diskFor(name: string): SmallDisk {
  const disk = new SmallDisk(24, folderOf(name));
  disks.push(disk);
  return disk;
}

async function removedFiles(name: string): Promise<string[]> {
  const lines = await cluster.manifest(`capture/${name}`, 'tape');
  return lines.filter(({ type }) => type === 'removed').map(({ file = '' }) => file);
}

async function closedFiles(name: string): Promise<string[]> {
  const lines = await cluster.manifest(`capture/${name}`, 'tape');
  return lines.filter(({ type }) => type === 'segment').map(({ file = '' }) => file);
}

describe('the disk of a recording', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/e2e/capture-storage-limits.test.ts', 360_000);
    return;
  }

  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.startWorker();
  }, 120_000);

  afterAll(async () => {
    for (const disk of disks) disk.remove();
    await cluster?.close();
  }, 60_000);

  it('is warned of once at level info, and ends a recording at the mark that was set', async () => {
    const disk = diskFor('marks');
    const tape = { min_free: MIN_FREE_BYTES, warn_free: WARN_FREE_BYTES };
    const capture = await RecordedCapture.start(cluster, 'marks', { tape });
    await capture.untilRecorded(1);
    expect(await capture.told()).toEqual([]);
    for (const freeBytes of [WARN_FREE_BYTES - 100_000, WARN_FREE_BYTES - 3_000_000]) {
      disk.fillUntil(freeBytes);
      await capture.untilRecorded(1);
    }
    await until(async () => (await capture.told()).length > 0, 15_000, 'the news');
    const [low, ...more] = await capture.told();
    expect(low).toMatch(/^info: Storage runs low: about (a minute|\d+ min) left \(1\d MB\)$/);
    expect(more).toEqual([]);
    expect(await cluster.status(capture.id)).toMatchObject({ state: 'running' });

    disk.fillUntil(MIN_FREE_BYTES - 50_000);
    await capture.untilBranches('stopped', ['tape']);
    expect((await capture.branch('tape')).detail).toMatch(
      /^storage_full: .*1\.[5-9] MB free, 2\.0 MB are kept free/,
    );
    expect(await capture.told()).toEqual([
      low,
      'warning: Recording stopped: storage full, streaming continues',
    ]);
    expect(disk.freeBytes).toBeGreaterThan(0);
    await capture.stop();
    await capture.expectPlayable();
  }, 150_000);

  it('holds no more than `keep_size`: the oldest segments go, and `gaps` does not call that missing', async () => {
    const capture = await RecordedCapture.start(cluster, 'size', { tape: { keep_size: KEEP_BYTES } });
    await until(async () => (await removedFiles('size')).length >= 2, 60_000, 'two removed segments');
    await capture.stop();
    const [removed, recorded] = [await removedFiles('size'), await closedFiles('size')];
    expect(removed).toEqual(recorded.slice(0, removed.length));
    const there = (await readdir(folderOf('size'))).filter((file) => file.endsWith('.ts'));
    expect(there.sort()).toEqual(recorded.slice(removed.length).sort());
    await capture.expectPlayable();
    const { stdout } = await cluster.cli('gaps', 'size');
    expect(stdout).toMatch(/removed since\), nothing missing/);
  }, 120_000);

  it('loses what is older than `keep`, and nothing else', async () => {
    const capture = await RecordedCapture.start(cluster, 'age', { tape: { keep: '1h' } });
    await capture.untilRecorded(3);
    const [first = '', second = ''] = await closedFiles('age');
    const longAgo = new Date(Date.now() - TWO_HOURS_MS);
    await cluster.cli('pause', 'age');
    await capture.untilBranches('paused', ['tape']);
    for (const file of [first, second]) await utimes(join(folderOf('age'), file), longAgo, longAgo);
    await cluster.cli('resume', 'age');
    await capture.untilRecorded(1);
    await capture.stop();
    expect(await removedFiles('age')).toEqual([first, second]);
    await capture.expectPlayable();
  }, 120_000);

  it('is full when the recording was all there was: the capture fails with that cause', async () => {
    const disk = diskFor('only');
    const tape = { min_free: MIN_FREE_BYTES, warn_free: MIN_FREE_BYTES };
    const capture = await RecordedCapture.start(cluster, 'only', { tape, isAlone: true });
    await capture.untilRecorded(1);
    disk.fillUntil(0);
    const result = cluster.client.workflow.getHandle(capture.id).result();
    await expect(result).rejects.toMatchObject({ cause: { type: 'storage_full' } });
    expect(await cluster.status(capture.id)).toMatchObject({ state: 'error' });
    expect(await capture.branch('tape')).toMatchObject({ state: 'error', run: 1 });
    expect(await capture.told()).toEqual(['warning: Recording stopped: storage full']);

    disk.free();
    expect(await cluster.cli('retry', 'only')).toMatchObject({ exitCode: 0 });
    await capture.untilRecorded(2);
    expect(await capture.gapCauses()).toEqual(['storage_full']);
    await capture.stop();
    await capture.expectPlayable();
  }, 120_000);
});
