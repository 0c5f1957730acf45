/** Goal: the live source that other tests measure with tells the truth itself. Method: plain HTTP clients. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FRAMES_PER_SECOND,
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from './index.js';

let source: LiveSource;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-live-source-'));
  source = await startLiveSource({ hls: { secondsPerSegment: 1 } });
});

afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

interface Viewing {
  readonly bytes: Buffer;
  readonly errorCode: string | undefined;
}

/** Watches until the connection ends or the time is over. */
function view(url: string, durationMs: number): Promise<Viewing> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const done = (error?: NodeJS.ErrnoException): void => {
      resolve({ bytes: Buffer.concat(chunks), errorCode: error?.code });
      request.destroy();
    };
    const request = get(url, { agent: false }, (response: IncomingMessage) => {
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => done());
      response.once('error', done);
    });
    request.once('error', done);
    setTimeout(done, durationMs);
  });
}

async function numbersOf(bytes: Buffer): Promise<number[]> {
  const file = join(folder, 'recording');
  await writeFile(file, bytes);
  return readFrameNumbers(file);
}

describe('the live source', () => {
  it.each(['ts', 'flv'] as const)('shows consecutive numbered pictures from now on (%s)', async (format) => {
    const first = source.frameAt(Date.now());
    const numbers = await numbersOf((await view(source.urls[format], 4_000)).bytes);
    expect(missingFrames(numbers)).toEqual([]);
    expect(numbers.length).toBeGreaterThan(2 * FRAMES_PER_SECOND);
    expect(numbers.at(-1)).toBeLessThanOrEqual(source.frameAt(Date.now()));
    expect(numbers[0]).toBeGreaterThan(first - FRAMES_PER_SECOND);
    expect(numbers[0]).toBeLessThan(first + 2.5 * FRAMES_PER_SECOND);
  });

  it('offers whole segments under HLS', async () => {
    await source.hlsReady(2);
    const playlist = await (await fetch(source.urls.hls)).text();
    const [name] = playlist.split('\n').filter((line) => line.endsWith('.ts'));
    const segment = await fetch(new URL(name ?? '', source.urls.hls));
    const numbers = await numbersOf(Buffer.from(await segment.arrayBuffer()));
    expect(numbers).toHaveLength(FRAMES_PER_SECOND);
    expect(missingFrames(numbers)).toEqual([]);
  });

  it('resets its viewers', async () => {
    const viewing = view(source.urls.ts, 20_000);
    await ready(() => source.viewerCount() > 0);
    source.rst();
    expect((await viewing).errorCode).toBe('ECONNRESET');
  });

  it('refuses connections for a while and then shows on', async () => {
    const back = source.refuse(500);
    await ready(() => true);
    expect((await view(source.urls.ts, 5_000)).errorCode).toBe('ECONNREFUSED');
    await back;
    expect((await view(source.urls.ts, 1_000)).bytes.length).toBeGreaterThan(0);
  });

  it('is silent without closing, and the pictures meanwhile are lost', async () => {
    const viewing = view(source.urls.ts, 7_000);
    await ready(() => source.viewerCount() > 0);
    await ready(() => true, 2_000);
    await source.silence(1_500);
    const { bytes, errorCode } = await viewing;
    expect(errorCode).toBeUndefined();
    expect(missingFrames(await numbersOf(bytes)).length).toBeGreaterThan(0);
  });
});

async function ready(holds: () => boolean, pauseMs = 100): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, pauseMs));
  while (!holds());
}
