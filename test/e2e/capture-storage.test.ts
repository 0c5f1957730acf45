// Goal: a disk that fills up or turns read-only costs the recording and nothing else. Method: the folder of a recording is a real small file
// system; somebody else fills it at once, a read-only view is laid over it, the worker is killed meanwhile; what the stream
// delivered in all that time is counted picture for picture.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallDisk } from '../activities/recording/support/small-disk.js';
import { Cluster, type WorkerProcess } from '../support/cluster.js';
import { RecordedCapture } from '../support/recorded-capture.js';
import { itMountsInANamespace, MAY_MOUNT } from '../support/mounting.js';

const RETRY_DELAY_MS = 1_000;
const FULL = 'warning: Recording stopped: storage full, streaming continues';
const READ_ONLY = 'warning: Recording stopped: read only storage, streaming continues';

let cluster: Cluster;
let worker: WorkerProcess;
let disk: SmallDisk;
let capture: RecordedCapture;
let folder: string;

/** The recording is given up, and nobody tries it again on his own. */
async function expectGivenUp(run: number, told: readonly string[]): Promise<void> {
  await capture.untilBranches('stopped', ['tape']);
  await sleep(3 * RETRY_DELAY_MS + 1_000);
  expect(await capture.branch('tape')).toMatchObject({ state: 'stopped', run });
  expect(await cluster.status(capture.id)).toMatchObject({ state: 'degraded' });
  expect(await capture.told()).toEqual(told);
}

/** `holdfast ARGUMENTS` brings the recording back within a few seconds. */
async function expectBack(...command: readonly string[]): Promise<void> {
  expect(await cluster.cli(...command)).toMatchObject({ exitCode: 0 });
  await capture.untilBranches('running', ['tape']);
  await capture.untilRecorded(2);
  expect(await cluster.status(capture.id)).toMatchObject({ state: 'running' });
}

describe('a recording whose disk', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/e2e/capture-storage.test.ts', 360_000);
    return;
  }

  beforeAll(async () => {
    cluster = await Cluster.start();
    folder = cluster.recordingFolder('capture/tape-full', 'tape');
    disk = new SmallDisk(16, folder);
    worker = await cluster.startWorker();
    capture = await RecordedCapture.start(cluster, 'tape-full', {
      tape: { min_free: '1MB', warn_free: '1MB' },
      recovery: { retry_delay: RETRY_DELAY_MS / 1_000 },
    });
    await capture.untilRecorded(1);
  }, 150_000);

  afterAll(async () => {
    disk?.remove();
    await cluster?.close();
  }, 60_000);

  it('is filled by somebody else stops with one warning, is not tried again, and the commands say why', async () => {
    disk.fillUntil(0);
    await expectGivenUp(1, [FULL]);
    expect((await capture.branch('tape')).detail).toMatch(/^storage_full: /);
    const [show, doctor] = await Promise.all([cluster.cli('show', 'tape-full'), cluster.cli('doctor')]);
    expect(show.stdout).toMatch(/free +\d+(\.\d)? k?B on the disk of tape\n/);
    expect(doctor.stdout).toMatch(/✗ disk +\S+ k?B free in recordings\/capture\/tape-full\/tape\n/);
    await capture.expectPlayable();
  }, 90_000);

  it('is still full fails a retry cleanly, with one more warning', async () => {
    await cluster.cli('retry', 'tape-full');
    await expectGivenUp(2, [FULL, FULL]);
  }, 90_000);

  it('has room again records within a few seconds of `retry`, and the manifest explains the hole', async () => {
    disk.free();
    await expectBack('retry', 'tape-full');
    expect(await capture.gapCauses()).toEqual(['storage_full']);
    await capture.expectPlayable();
  }, 90_000);

  it('is filled while the worker is killed ends the same way, with one warning', async () => {
    const { run } = await capture.branch('tape');
    await worker.end('SIGKILL');
    disk.fillUntil(0);
    await sleep(2_000);
    worker = await cluster.startWorker();
    await expectGivenUp(run, [FULL, FULL, FULL]);
    disk.free();
    await expectBack('output', 'resume', 'tape-full', 'tape');
    expect(await capture.gapCauses()).toEqual(['storage_full', 'storage_full']);
  }, 120_000);

  it('turns read-only stops, fails a retry, and records again when it is writable', async () => {
    const { run } = await capture.branch('tape');
    disk.makeReadOnly(folder);
    await expectGivenUp(run, [FULL, FULL, FULL, READ_ONLY]);
    expect((await capture.branch('tape')).detail).toMatch(/^read_only_storage: .*read-only file system/);
    const { stdout } = await cluster.cli('doctor');
    expect(stdout).toMatch(/✗ disk +nothing can be written in recordings\/capture\/tape-full\/tape: EROFS/);
    await cluster.cli('retry', 'tape-full');
    await expectGivenUp(run + 1, [FULL, FULL, FULL, READ_ONLY, READ_ONLY]);
    disk.makeWritable();
    await expectBack('output', 'resume', 'tape-full', 'tape');
    expect((await capture.gapCauses()).at(-1)).toBe('read_only_storage');
  }, 120_000);

  it('had all that cost the stream no picture and no restart', async () => {
    expect(await capture.stop()).toMatchObject({ ingest: 1, live: 1 });
    await capture.expectUnbrokenStream(30);
    await capture.expectPlayable();
  }, 60_000);
});
