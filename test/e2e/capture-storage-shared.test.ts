// Goal: one disk for everything, recordings, the custody of processes and the store, may be full to the last byte, and the stream does not
// notice. Method: the data directory is a real small file system that somebody fills; the stall timeout is short, so that a
// process whose progress cannot be written would soon be taken for stuck; ingest and push are killed and must come back.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SmallDisk } from '../activities/recording/support/small-disk.js';
import { Cluster, processesOf, until, type WorkerProcess } from '../support/cluster.js';
import { runPattern } from '../support/numbered-capture.js';
import { RecordedCapture } from '../support/recorded-capture.js';
import { itMountsInANamespace, MAY_MOUNT } from '../support/mounting.js';

const STALL_TIMEOUT_MS = 4_000;
const STOPPED = 'warning: Recording stopped: storage full, streaming continues';

let cluster: Cluster;
let worker: WorkerProcess;
let disk: SmallDisk;
let capture: RecordedCapture;

async function killProcessOf(branch: string): Promise<void> {
  const { run } = await capture.branch(branch);
  for (const pid of await processesOf(cluster.dataDir, runPattern('disk-full', branch)))
    process.kill(pid, 'SIGKILL');
  await until(
    async () => (await capture.branch(branch)).run > run,
    30_000,
    `${branch} to have begun another run`,
  );
  await capture.untilBranches('running', [branch]);
}

describe('one full disk for everything', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/e2e/capture-storage-shared.test.ts', 360_000);
    return;
  }

  beforeAll(async () => {
    cluster = await Cluster.start();
    disk = new SmallDisk(32, cluster.dataDir);
    worker = await cluster.startWorker();
    capture = await RecordedCapture.start(cluster, 'disk-full', {
      tape: { min_free: '1MB', warn_free: '1MB' },
      stall_timeout: STALL_TIMEOUT_MS / 1_000,
      recovery: { retry_delay: 1 },
    });
    await capture.untilRecorded(1);
  }, 150_000);

  afterAll(async () => {
    disk?.remove();
    await cluster?.close();
  }, 60_000);

  it('stops the recording, and the stream goes on without a restart, over the loss of the worker too', async () => {
    disk.fillUntil(0);
    await capture.untilBranches('stopped', ['tape']);
    disk.fillUntil(0);
    await sleep(2 * STALL_TIMEOUT_MS);
    await worker.end('SIGKILL');
    worker = await cluster.startWorker();
    await sleep(2 * STALL_TIMEOUT_MS);
    expect(await cluster.status(capture.id)).toMatchObject({ state: 'degraded', incidentCount: 1 });
    expect(await capture.branch('ingest')).toMatchObject({ state: 'running', run: 1 });
    expect(await capture.branch('live')).toMatchObject({ state: 'running', run: 1 });
    await capture.expectUnbrokenStream((4 * STALL_TIMEOUT_MS) / 1_000);
  }, 120_000);

  it('lets a stream be started again whose process was killed, and its ingest as well', async () => {
    disk.fillUntil(0);
    await killProcessOf('live');
    disk.fillUntil(0);
    await killProcessOf('ingest');
    expect(await capture.branch('tape')).toMatchObject({ state: 'stopped', run: 1 });
  }, 120_000);

  it('tells what happened once there is room, and records again when asked to', async () => {
    disk.free();
    await until(async () => (await capture.told()).includes(STOPPED), 45_000, 'the warning');
    expect((await capture.told()).filter((text) => text === STOPPED)).toHaveLength(1);
    await cluster.cli('output', 'resume', 'disk-full', 'tape');
    await capture.untilBranches('running', ['ingest', 'tape', 'live']);
    await capture.untilRecorded(2);
    expect((await capture.gapCauses()).at(0)).toBe('storage_full');
    await capture.stop();
    await capture.expectPlayable();
  }, 120_000);
});
