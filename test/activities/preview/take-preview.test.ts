/**
 * Goal: a picture of what is on air, small enough to travel, taken no more often than every 5 s. Method: ffmpeg feeds real
 * hubs; every ffmpeg that takes pictures is counted by a shell script that stands before it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { chmod, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTakePreview } from '../../../activities/preview/index.js';
import type { PreviewResult } from '../../../core/activity-contract.js';
import type { HubAddress } from '../../../core/hub.js';
import { feedHub, freeHub } from './hub-writer.js';

let folder: string;
let ffmpegPath: string;
let feeders: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-preview-'));
  ffmpegPath = join(folder, 'counted-ffmpeg');
  await writeFile(ffmpegPath, `#!/bin/sh\necho run >> ${folder}/runs\nexec ffmpeg "$@"\n`);
  await chmod(ffmpegPath, 0o755);
});
afterEach(async () => {
  await Promise.all(feeders.map((feeder) => feeder.stop()));
  feeders = [];
  await rm(join(folder, 'runs'), { force: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const logger = { debug: () => undefined };

function fed(video: string): HubAddress {
  const hub = freeHub();
  feeders.push(feedHub(hub, video));
  return hub;
}

async function newDataDir(): Promise<string> {
  return mkdtemp(join(folder, 'data-'));
}

async function ffmpegRuns(): Promise<number> {
  const text = await readFile(join(folder, 'runs'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line === 'run').length;
}

function jpegOf(result: PreviewResult): Buffer {
  if (result.kind === 'none') throw new Error(`no picture: ${result.detail}`);
  return Buffer.from(result.jpegBase64, 'base64');
}

interface Probed {
  readonly codec_name: string;
  readonly width: number;
  readonly height: number;
}

/** Decodes a picture whole; an error of the decoder fails the test. */
async function probed(jpeg: Buffer): Promise<Probed> {
  const path = join(folder, 'probed.jpg');
  await writeFile(path, jpeg);
  await execa('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-']);
  const entries = 'stream=codec_name,width,height';
  const { stdout } = await execa('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', path]);
  return (JSON.parse(stdout) as { streams: [Probed] }).streams[0];
}

describe('a preview', () => {
  it('is a JPEG of at most 1280 pixels, taken from the hub now and kept as a file', async () => {
    const dataDir = await newDataDir();
    const take = createTakePreview({ dataDir, ffmpegPath, logger });
    const hub = fed('testsrc2=size=1920x1080:rate=10');
    const askedAtMs = Date.now();
    const result = await take({ instance: 'capture/studio', hub });
    expect(await probed(jpegOf(result))).toEqual({ codec_name: 'mjpeg', width: 1280, height: 720 });
    expect(result).toMatchObject({ takenAt: expect.stringMatching(/Z$/) });
    expect(Date.parse((result as { takenAt: string }).takenAt)).toBeGreaterThanOrEqual(askedAtMs);
    const kept = await readFile(join(dataDir, 'previews', 'capture', 'studio.jpg'));
    expect(kept.equals(jpegOf(result))).toBe(true);
  });

  it('is never larger than 300 KB, even of noise', async () => {
    const take = createTakePreview({ dataDir: await newDataDir(), ffmpegPath, logger });
    const hub = fed('color=gray:size=1280x1280:rate=10,noise=alls=100:allf=t');
    const jpeg = jpegOf(await take({ instance: 'capture/noise', hub }));
    expect(jpeg.length).toBeLessThanOrEqual(300_000);
    expect(jpeg.length).toBeGreaterThan(10_000);
    await probed(jpeg);
  });

  it('keeps the shape of small and upright pictures', async () => {
    const take = createTakePreview({ dataDir: await newDataDir(), ffmpegPath, logger });
    const small = await take({ instance: 'capture/small', hub: fed('testsrc2=size=320x240:rate=10') });
    expect(await probed(jpegOf(small))).toMatchObject({ width: 320, height: 240 });
    const upright = await take({ instance: 'capture/tall', hub: fed('testsrc2=size=1080x1920:rate=10') });
    expect(await probed(jpegOf(upright))).toMatchObject({ width: 720, height: 1280 });
  });

  it('is taken once for all who ask within 5 s, each instance for itself, also across workers', async () => {
    const dataDir = await newDataDir();
    const take = createTakePreview({ dataDir, ffmpegPath, logger });
    const hub = fed('testsrc2=size=640x360:rate=10');
    const input = { instance: 'capture/busy', hub };
    const results = await Promise.all([take(input), take(input), take(input)]);
    const again = await take(input);
    const otherWorker = await createTakePreview({ dataDir, ffmpegPath, logger })(input);
    expect(await ffmpegRuns()).toBe(1);
    for (const result of [...results, again]) expect(result).toEqual(results[0]);
    expect(jpegOf(otherWorker).equals(jpegOf(again))).toBe(true);
    await take({ instance: 'capture/other', hub });
    expect(await ffmpegRuns()).toBe(2);
  });

  it('is taken anew when the one that is kept is older than 5 s, or of the future', async () => {
    const dataDir = await newDataDir();
    const path = join(dataDir, 'previews', 'capture', 'aged.jpg');
    const hub = fed('testsrc2=size=640x360:rate=10');
    for (const ageS of [6, -3_600]) {
      await createTakePreview({ dataDir, ffmpegPath, logger })({ instance: 'capture/aged', hub });
      const runs = await ffmpegRuns();
      const time = new Date(Date.now() - ageS * 1_000);
      await utimes(path, time, time);
      await createTakePreview({ dataDir, ffmpegPath, logger })({ instance: 'capture/aged', hub });
      expect(await ffmpegRuns()).toBe(runs + 1);
    }
  });

  it('is there although it cannot be kept', async () => {
    const dataDir = await newDataDir();
    await writeFile(join(dataDir, 'previews'), 'a file where the folder should be');
    const take = createTakePreview({ dataDir, ffmpegPath, logger });
    const hub = fed('testsrc2=size=640x360:rate=10');
    expect((await take({ instance: 'capture/full', hub })).kind).toBe('picture');
  });

  it('cannot be kept outside of its folder, whatever the instance is called', async () => {
    const dataDir = await newDataDir();
    const take = createTakePreview({ dataDir, ffmpegPath, logger });
    const hub = fed('testsrc2=size=320x240:rate=10');
    expect((await take({ instance: '../../escaped/../name', hub })).kind).toBe('picture');
    await expect(stat(join(folder, 'escaped'))).rejects.toThrow('ENOENT');
    await expect(stat(join(dataDir, 'escaped'))).rejects.toThrow('ENOENT');
  });
});

describe('no preview', () => {
  it('comes of a silent hub, within 9 s, and those who ask meanwhile hear the same', async () => {
    const take = createTakePreview({ dataDir: await newDataDir(), ffmpegPath, logger });
    const input = { instance: 'capture/silent', hub: freeHub() };
    const startedAtMs = performance.now();
    const [first, second] = await Promise.all([take(input), take(input)]);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    expect(first).toEqual({ kind: 'none', detail: expect.stringContaining('within 7.5 s') });
    expect(second).toBe(first);
    expect(await ffmpegRuns()).toBe(1);
  });

  it('comes without ffmpeg, and says so', async () => {
    const take = createTakePreview({ dataDir: await newDataDir(), ffmpegPath: '/no/such/ffmpeg', logger });
    expect(await take({ instance: 'capture/bare', hub: freeHub() })).toEqual({
      kind: 'none',
      detail: expect.stringContaining('/no/such/ffmpeg'),
    });
  });
});
