import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Branch } from '../../../activities/recording/branch.js';
import { branchFolders } from '../../../activities/recording/folders.js';
import { Retention } from '../../../activities/recording/retention.js';
import { coverageOf, readManifest, type Manifest } from '../../../core/manifest/index.js';
import { hubOfThisProcess, sendNoise } from './support/hub-ingest.js';
import { startHarness, until } from './support/run-harness.js';
import { SmallDisk } from './support/small-disk.js';

const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const SEGMENT_BYTES = 100_000;

let dataDir: string;
let branch: Branch;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-retention-'));
  branch = await branchIn(dataDir);
});

afterEach(() => rm(dataDir, { recursive: true }));

const fileOf = (number: number): string =>
  `20260101T00${String(number).padStart(2, '0')}00Z-1-${String(number).padStart(5, '0')}.ts`;

/** Five closed segments of a minute each, and an open one. */
async function branchIn(folder: string): Promise<Branch> {
  const made = new Branch(branchFolders(folder, 'capture/desk', 'tape'));
  await mkdir(made.folders.folder, { recursive: true });
  for (let number = 0; number <= 5; number += 1) {
    const path = join(made.folders.folder, fileOf(number));
    const endSeconds = (START_MS + (number + 1) * MINUTE_MS) / 1_000;
    await writeFile(path, Buffer.alloc(SEGMENT_BYTES));
    await utimes(path, endSeconds, endSeconds);
    if (number < 5) await made.manifest.append([], segmentLine(number));
  }
  return made;
}

function segmentLine(number: number) {
  const start = new Date(START_MS + number * MINUTE_MS).toISOString();
  const end = new Date(START_MS + (number + 1) * MINUTE_MS).toISOString();
  const file = fileOf(number);
  return { type: 'segment', file, start, end, bytes: SEGMENT_BYTES, frames: 1_500, run: 1 } as const;
}

async function manifest(of: Branch = branch): Promise<Manifest> {
  return readManifest(await readFile(of.folders.manifestFile, 'utf8'));
}

/** Numbers of the segments that are on disk. */
function kept(of: Branch = branch): number[] {
  return [0, 1, 2, 3, 4, 5].filter((number) => existsSync(join(of.folders.folder, fileOf(number))));
}

describe('retention', () => {
  it('removes the oldest closed segments and says so in the manifest', async () => {
    await new Retention(branch, { keepBytes: 2.5 * SEGMENT_BYTES }).apply(START_MS);
    expect(kept()).toEqual([3, 4, 5]);
    expect((await manifest()).removed).toMatchObject(
      [0, 1, 2].map((number) => ({ file: fileOf(number), reason: 'more than 250 kB in all' })),
    );
    expect(coverageOf(await manifest())).toMatchObject({
      removedMs: 3 * MINUTE_MS,
      missingMs: 0,
      segments: 2,
    });
  });

  it('removes what is too old, never the open segment, and nothing twice', async () => {
    const retention = new Retention(branch, { keepMs: 2 * MINUTE_MS });
    await retention.apply(START_MS + 4.5 * MINUTE_MS);
    expect(kept()).toEqual([2, 3, 4, 5]);
    await retention.apply(START_MS + 600 * MINUTE_MS);
    await retention.apply(START_MS + 601 * MINUTE_MS);
    expect(kept()).toEqual([5]);
    expect((await manifest()).removed).toHaveLength(5);
  });

  it('removes nothing without a setting', async () => {
    await new Retention(branch, {}).apply(START_MS + 1e9);
    expect(kept()).toHaveLength(6);
  });

  it('does the rest after a crash between manifest and disk', async () => {
    await branch.manifest.appendRemoved([
      { type: 'removed', file: fileOf(0), at: new Date(START_MS).toISOString(), reason: 'x' },
    ]);
    const later = new Branch(branch.folders);
    await new Retention(later, { keepBytes: 4 * SEGMENT_BYTES }).apply(START_MS);
    expect(kept()).toEqual([1, 2, 3, 4, 5]);
    expect(coverageOf(await manifest())).toMatchObject({ removedMs: MINUTE_MS, missingMs: 0 });
  });

  it('keeps its lines when the manifest is mended, and the recording goes on behind them', async () => {
    await new Retention(branch, { keepBytes: SEGMENT_BYTES }).apply(START_MS);
    await appendFile(branch.folders.manifestFile, '{"type":"gap","from":"2026-01-01T00');
    const later = new Branch(branch.folders);
    expect(await later.manifest.lastSegment()).toMatchObject({ file: fileOf(4) });
    await later.manifest.append([], segmentLine(5));
    const found = await manifest(later);
    expect(found.faults).toEqual([]);
    expect(found.removed).toHaveLength(4);
    expect(found.segments).toHaveLength(6);
    await truncate(branch.folders.manifestFile, 0);
    expect(await new Branch(branch.folders).manifest.lastSegment()).toBeNull();
  });

  it('makes room on a disk that is full to the last byte', async () => {
    const disk = new SmallDisk(2);
    try {
      const full = await branchIn(disk.path);
      disk.fillUntil(0);
      await new Retention(full, { keepBytes: 3 * SEGMENT_BYTES }).apply(START_MS);
      expect(kept(full)).toEqual([2, 3, 4, 5]);
      expect((await manifest(full)).removed).toHaveLength(2);
      expect(disk.freeBytes).toBeGreaterThan(0);
    } finally {
      disk.remove();
    }
  });

  it('follows a living recording', async () => {
    const hub = hubOfThisProcess('retention');
    const keepBytes = 600_000;
    const harness = await startHarness({ hub, segmentMs: 1_000, storage: { keepBytes } });
    const ingest = sendNoise(1_500_000, hub);
    try {
      const run = await harness.start('', 1);
      await until(async () => (await harness.manifest()).removed.length > 2, 60_000);
      run.interrupt();
      await run.finish({ outcome: 'stopped' });
      const { segments, removed } = await harness.manifest();
      const gone = new Set(removed.map(({ file }) => file));
      const left = segments.filter(({ file }) => !gone.has(file));
      expect(left.map(({ file }) => file)).toEqual(await harness.files());
      expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(keepBytes);
      expect(coverageOf(await harness.manifest())).toMatchObject({ missingMs: 0 });
    } finally {
      await ingest.kill();
      await harness.close();
    }
  }, 90_000);
});
