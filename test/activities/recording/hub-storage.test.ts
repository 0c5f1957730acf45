// A capture's recording meets a disk that gets full or read-only: real file systems, real ffmpeg, the real custody.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustody, type Custody } from '../../../activities/custody/custody.js';
import { createHubRecordHandler } from '../../../activities/recording/index.js';
import { classify } from '../../../core/classify/index.js';
import type { HubAddress } from '../../../core/hub.js';
import { readManifest, type Manifest } from '../../../core/manifest/index.js';
import { runKeyOf, type RunEnd, type RunSpec } from '../../../core/run.js';
import { QUICK_LIMITS, until } from '../custody/bench.js';
import { MemoryOwner } from '../custody/memory-owner.js';
import { hubOfThisProcess, sendNoise, type HubIngest } from './support/hub-ingest.js';
import { countPictures } from './support/recorded-media.js';
import { SmallDisk } from './support/small-disk.js';
import { itMountsInANamespace, MAY_MOUNT } from '../../support/mounting.js';

const MIN_FREE_BYTES = 4_000_000;
const WARN_FREE_BYTES = 9_000_000;
const logger = pino({ level: process.env['HOLDFAST_TEST_LOG'] ?? 'silent' });

let hub: HubAddress;
let ingest: HubIngest;
let disk: SmallDisk;
let dataDir: string;
let folder: string;
let owner: MemoryOwner;
let custodies: Custody[] = [];

/** A worker; earlier ones must be closed. */
async function startWorker(): Promise<Custody> {
  const custody = createCustody({
    dataDir,
    host: 'bench',
    handlers: { 'record-hub': createHubRecordHandler({ dataDir, logger }) },
    owner,
    logger,
    classify,
    limits: QUICK_LIMITS,
  });
  custodies.push(custody);
  custody.start();
  await custody.lead;
  return custody;
}

function specOf(run: number): RunSpec {
  return {
    runKey: runKeyOf('capture/desk', 'tape', run),
    workflowId: 'capture/desk',
    branch: 'tape',
    run,
    recipe: {
      kind: 'record-hub',
      hub,
      record: { container: 'mpegts', segmentMs: 2_000 },
      storage: { minFreeBytes: MIN_FREE_BYTES, warnFreeBytes: WARN_FREE_BYTES },
    },
    stallTimeoutMs: 15_000,
    locks: [],
  };
}

/** Starts a run; its end comes to the owner with this token. */
async function record(custody: Custody, run: number): Promise<void> {
  await custody.adoptOrStart(specOf(run), { token: `token-${run}`, heartbeatTimeoutMs: 5_000 });
}

const endOf = (run: number): RunEnd | undefined =>
  owner.ends.find(({ token }) => token === `token-${run}`)?.end;

function manifest(): Manifest {
  try {
    return readManifest(readFileSync(join(folder, 'manifest.jsonl'), 'utf8'));
  } catch {
    return readManifest('');
  }
}

const hasRecorded = (run: number) => (): boolean => manifest().segments.some((line) => line.run === run);

/** The segment that is being written holds something that its end can be asked for. It has no final name yet, so names tell no order. */
function isWriting(): boolean {
  const recorded = new Set(manifest().segments.map(({ file }) => file));
  return readdirSync(folder).some(
    (name) => name.endsWith('.ts') && !recorded.has(name) && statSync(join(folder, name)).size > 100_000,
  );
}

async function expectPlayableSegments(): Promise<void> {
  const { segments, faults } = manifest();
  expect(faults).toEqual([]);
  for (const { file, frames } of segments) expect(await countPictures(join(folder, file))).toBe(frames);
}

describe('a recording whose disk', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/activities/recording/hub-storage.test.ts', 240_000);
    return;
  }

  beforeAll(() => {
    hub = hubOfThisProcess('storage');
    ingest = sendNoise(1_500_000, hub);
  });

  afterAll(() => ingest.kill());

  beforeEach(() => {
    disk = new SmallDisk(24);
    dataDir = join(disk.path, 'data');
    folder = join(dataDir, 'recordings', 'capture', 'desk', 'tape');
    mkdirSync(dataDir);
    owner = new MemoryOwner();
  });

  afterEach(async () => {
    for (const custody of custodies.splice(0)) {
      for (const { runKey } of custody.snapshot()) await custody.stopRun(runKey, 'the test is over');
      await custody.close();
    }
    disk.remove();
  });

  it('runs low says so once, ends when it is nearly full, and cannot be begun again before there is room', async () => {
    const custody = await startWorker();
    await record(custody, 1);
    await until('something is recorded', hasRecorded(1));
    disk.fillUntil(MIN_FREE_BYTES + 2_500_000);
    await until('somebody is told', () => owner.news.length > 0);
    expect(owner.news[0]).toMatchObject({ kind: 'storage_low' });
    expect(owner.news[0]?.detail).toMatch(/^about (a minute|\d+ min) left \(\d\.\d MB\)$/);

    disk.fillUntil(MIN_FREE_BYTES - 100_000);
    await until('the run has ended', () => endOf(1) !== undefined);
    expect(endOf(1)).toMatchObject({ outcome: 'failed', cause: 'storage_full' });
    expect(endOf(1)?.detail).toMatch(/3\.\d MB free, 4\.0 MB are kept free/);
    expect(owner.news).toHaveLength(1);

    await record(custody, 2);
    await until('the retry has failed', () => endOf(2) !== undefined);
    expect(endOf(2)).toMatchObject({ cause: 'storage_full', firstProgressAt: null });
    expect(endOf(2)?.detail).toContain('are kept free');

    disk.free();
    const freedAtMs = Date.now();
    await record(custody, 3);
    await until('it records again', hasRecorded(3));
    const [again] = manifest().segments.filter((line) => line.run === 3);
    expect(Date.parse(again?.start ?? '') - freedAtMs).toBeLessThan(5_000);
    expect(manifest().gaps).toMatchObject([{ cause: 'storage_full' }]);
    await expectPlayableSegments();
  }, 90_000);

  it('is full to the last byte is closed by a later worker, once there is room', async () => {
    const first = await startWorker();
    await record(first, 1);
    await until('something is recorded', hasRecorded(1));
    await until('the next segment has begun', isWriting);
    disk.fillUntil(0);
    await until('the run has ended', () => endOf(1) !== undefined);
    expect(endOf(1)).toMatchObject({ outcome: 'failed', cause: 'storage_full' });
    const before = manifest().segments.length;
    await first.close();

    await startWorker();
    disk.free();
    await until('the last segment is in the manifest', () => manifest().segments.length > before);
    await expectPlayableSegments();
  }, 90_000);

  it('turns read-only ends, and the manifest names the cause after a later worker could write it', async () => {
    const first = await startWorker();
    await record(first, 1);
    await until('something is recorded', hasRecorded(1));
    await until('the next segment has begun', isWriting);
    disk.makeReadOnly(folder);
    await until('the run has ended', () => endOf(1) !== undefined);
    expect(endOf(1)).toMatchObject({ outcome: 'failed', cause: 'read_only_storage' });
    await record(first, 2);
    await until('the retry has failed', () => endOf(2) !== undefined);
    expect(endOf(2)).toMatchObject({ cause: 'read_only_storage', firstProgressAt: null });
    const before = manifest().segments.length;
    await first.close();

    const second = await startWorker();
    disk.makeWritable();
    await until('the last segment is in the manifest', () => manifest().segments.length > before);
    await record(second, 3);
    await until('it records again', hasRecorded(3));
    expect(manifest().gaps).toMatchObject([{ cause: 'read_only_storage' }]);
    await expectPlayableSegments();
  }, 90_000);
});
