import { execFile, spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readManifest } from '../../../core/manifest/index.js';
import { startLiveSource, type LiveSource } from '../../support/live-source/index.js';
import { countPictures } from './support/recorded-media.js';
import { sleep, startHarness, until, type Harness, type LiveRun } from './support/run-harness.js';

/** The worker dies between any two steps, or the disk fills up: nothing is lost and nothing is written twice. */
const NO_MEDIA = 'no media at all '.repeat(1_000);
const execute = promisify(execFile);
let source: LiveSource;
let harness: Harness;

beforeAll(async () => {
  source = await startLiveSource();
});

afterEach(() => harness.close());
afterAll(() => source.close());

/** FLV shows at once what it holds, so that runs can be short. */
async function record(run: number, durationMs: number): Promise<LiveRun> {
  const live = await harness.start(source.urls.flv, run);
  await until(async () => (await harness.files()).some((file) => file.includes(`Z-${run}-`)));
  await sleep(durationMs);
  live.interrupt();
  await live.finish();
  return live;
}

/** Closes a run in a process of its own, from compiled files, and kills that after a while. */
async function closeInAnotherProcess(run: LiveRun, killAfterMs: number): Promise<void> {
  const dist = process.env['HOLDFAST_DIST'] ?? fileURLToPath(new URL('../../../dist', import.meta.url));
  const script = `
    const { createRecordHandler } = await import(${JSON.stringify(join(dist, 'activities/recording/index.js'))});
    const logger = { warn() {}, info() {}, error() {} };
    const handler = createRecordHandler({ dataDir: ${JSON.stringify(harness.dataDir)}, logger });
    await handler.watch(${JSON.stringify(run.watched)}).finalize(${JSON.stringify(run.endFacts())});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
}

/** Every file once in the manifest with what is in it, gaps only where runs meet. */
async function expectWholeManifest(): Promise<void> {
  const { segments, gaps, faults } = await harness.manifest();
  expect(faults).toEqual([]);
  expect(segments.map((segment) => segment.file)).toEqual(await harness.files());
  for (const { file, frames } of segments) {
    expect(await countPictures(join(harness.folder, file))).toBe(frames);
  }
  const runs = new Set(segments.map((segment) => segment.run));
  expect(gaps).toHaveLength(runs.size - 1);
}

describe('the manifest', () => {
  it('is the same after a crash at any byte of its writing', async () => {
    harness = await startHarness({ segmentMs: 1_000 });
    const manifestFile = join(harness.folder, 'manifest.jsonl');
    await record(1, 3_000);
    const last = await record(2, 3_000);
    const whole = await readFile(manifestFile, 'utf8');
    // The finer clock is forgotten with the line it was for: only the stamp of a name may change, by a second.
    const nameOf = (file: string): string => file.slice(file.indexOf('-'));
    const filesAndFrames = readManifest(whole).segments.map(({ file, frames }) => [nameOf(file), frames]);
    expect(filesAndFrames.length).toBeGreaterThan(4);
    for (let time = 0; time < 10; time += 1) {
      await truncate(manifestFile, Math.floor(Math.random() * whole.length));
      harness.forgetEverything();
      await last.finishAgain();
      const { segments } = await harness.manifest();
      expect(segments.map(({ file, frames }) => [nameOf(file), frames])).toEqual(filesAndFrames);
    }
    await expectWholeManifest();
  });

  it('is whole although the worker is killed again and again while it is written', async () => {
    harness = await startHarness({ segmentMs: 1_000 });
    const manifestFile = join(harness.folder, 'manifest.jsonl');
    await record(1, 3_000);
    const last = await record(2, 4_000);
    await rm(manifestFile);
    for (let time = 0; time < 12; time += 1) {
      await closeInAnotherProcess(last, 150 + Math.random() * 500);
    }
    harness.forgetEverything();
    await last.finishAgain();
    await expectWholeManifest();
  });

  it('loses a half-written line and a gap without its segment, and writes them again', async () => {
    harness = await startHarness();
    await record(1, 2_000);
    const gap =
      '{"type":"gap","from":"2026-01-01T00:00:00.000Z","to":"2026-01-01T00:00:01.000Z","cause":"x","evidence":""}';
    await appendFile(join(harness.folder, 'manifest.jsonl'), `${gap}\n{"type":"segm`);
    harness.forgetEverything();
    await record(2, 2_000);
    await expectWholeManifest();
    expect((await harness.manifest()).gaps[0]).toMatchObject({ cause: 'network_disconnect' });
  });

  it('goes on where it was when the worker is replaced while ffmpeg runs', async () => {
    harness = await startHarness({ segmentMs: 2_000 });
    const run = await harness.start(source.urls.flv, 1);
    await until(async () => (await harness.manifest()).segments.length > 0);
    run.abandon();
    harness.forgetEverything();
    await sleep(4_000);
    run.adopt();
    await sleep(1_500);
    run.interrupt();
    await run.finish({ outcome: 'stopped' });
    await expectWholeManifest();
    const { segments } = await harness.manifest();
    for (const segment of segments) {
      const lengthMs = Date.parse(segment.end) - Date.parse(segment.start);
      expect(Math.abs(lengthMs - segment.frames * 40)).toBeLessThan(500);
    }
  });

  it('does the same work once when it is asked to close a run twice at the same time', async () => {
    harness = await startHarness({ segmentMs: 2_000 });
    const run = await harness.start(source.urls.flv, 1);
    await until(async () => (await harness.files()).length > 1);
    run.interrupt();
    await Promise.all([run.finish(), run.finish(), run.finish()]);
    await run.finish();
    await expectWholeManifest();
  });

  it('sets a file aside that cannot be played and says so in the gap', async () => {
    harness = await startHarness();
    await record(1, 2_000);
    await writeFile(join(harness.folder, '20260101T000000Z-1-00099.ts'), NO_MEDIA);
    await writeFile(join(harness.folder, '20260101T000000Z-1-00100.ts'), '');
    await record(2, 2_000);
    await expectWholeManifest();
    expect((await harness.manifest()).gaps[0]?.evidence).toContain(
      '20260101T000000Z-1-00099.ts cannot be played',
    );
    expect(await readFile(join(harness.folder, '20260101T000000Z-1-00099.ts.invalid'), 'utf8')).toBe(
      NO_MEDIA,
    );
  });
});

describe('a full disk', () => {
  let disk: string;

  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), 'holdfast-small-disk-'));
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=450k', 'tmpfs', disk]);
  });

  afterEach(async () => {
    await harness.close();
    await execute('umount', [disk]);
    await rm(disk, { recursive: true });
  });

  it('ends the run with that fact, keeps what was recorded, and the manifest is complete once there is room', async () => {
    harness = await startHarness({ parent: disk, segmentMs: 3_000 });
    const run = await harness.start(source.urls.flv, 1);
    await run.ended();
    await mkdir(join(disk, 'full'));
    await execute('sh', ['-c', `cat /dev/zero > ${join(disk, 'full', 'rest')} || true`]);
    expect(await run.finish({ cause: 'storage_full' })).toMatchObject({ freeBytes: 0 });

    await execute('mount', ['-o', 'remount,size=5m', disk]);
    harness.forgetEverything();
    await record(2, 500);
    await expectWholeManifest();
    expect((await harness.manifest()).gaps[0]).toMatchObject({ cause: 'storage_full' });
    const [first] = await harness.files();
    expect(await countPictures(join(harness.folder, first as string))).toBeGreaterThan(25);
  });
});
