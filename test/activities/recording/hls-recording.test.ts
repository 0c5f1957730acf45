import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFrameNumbers, startLiveSource, type LiveSource } from '../../support/live-source/index.js';
import { sleep, startHarness, until, type Harness, type LiveRun } from './support/run-harness.js';

/** An HLS playlist holds 6 s: what is lost within them has to be taken up again, each picture exactly once. */
let source: LiveSource;
let harness: Harness;

beforeAll(async () => {
  source = await startLiveSource({ hls: { secondsPerSegment: 1, windowSegments: 6 } });
  await source.hlsReady(4);
});

beforeEach(async () => {
  harness = await startHarness({ segmentMs: 3_000 });
});

afterEach(() => harness.close());
afterAll(() => source.close());

async function fedSegments(run: LiveRun): Promise<number> {
  const log = await readFile(run.watched.paths.readerFile, 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.includes('"hls-segment"')).length;
}

async function recordedFrames(): Promise<number[]> {
  const { segments } = await harness.manifest();
  const numbers: number[] = [];
  for (const { file, frames } of segments) {
    const found = await readFrameNumbers(join(harness.folder, file));
    expect(found).toHaveLength(frames);
    numbers.push(...found);
  }
  return numbers;
}

async function recordUntilFed(run: number, segments: number): Promise<LiveRun> {
  const live = await harness.start(source.urls.hls, run);
  await until(async () => (await fedSegments(live)) >= segments);
  return live;
}

async function stop(run: LiveRun): Promise<void> {
  run.interrupt();
  await run.finish({ outcome: 'stopped' });
}

function expectEachFrameOnce(numbers: readonly number[]): void {
  const first = numbers[0] as number;
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
}

describe('an HLS recording', () => {
  it('loses and doubles nothing when the connection is lost for less than the window', async () => {
    const first = await recordUntilFed(1, 4);
    const outage = source.refuse(3_000);
    await first.finish();
    await outage;
    await stop(await recordUntilFed(2, 5));

    expectEachFrameOnce(await recordedFrames());
    expect((await harness.manifest()).gaps).toEqual([]);
  });

  it('loses and doubles nothing when ffmpeg is killed at any moment', async () => {
    let run = 1;
    for (const delayMs of [0, 500]) {
      const live = await recordUntilFed(run, 4);
      await sleep(delayMs);
      await live.killRecorder('SIGKILL');
      await live.finish({ cause: 'crashed', detail: 'killed' });
      run += 1;
    }
    await stop(await recordUntilFed(run, 4));

    expectEachFrameOnce(await recordedFrames());
    expect((await harness.manifest()).gaps).toEqual([]);
    expect((await readdir(harness.folder)).filter((file) => file.startsWith('.tail'))).toEqual([]);
  });

  it('takes up where it was although the worker died with ffmpeg and nothing was closed', async () => {
    const first = await recordUntilFed(1, 4);
    first.abandon();
    await first.killRecorder('SIGKILL');
    harness.forgetEverything();
    await stop(await recordUntilFed(2, 4));

    expectEachFrameOnce(await recordedFrames());
  });

  it('keeps the part of a segment that no run feeds again, and writes the hole down', async () => {
    const first = await recordUntilFed(1, 4);
    await first.killRecorder('SIGKILL');
    await first.finish({ cause: 'crashed', detail: 'killed' });
    await sleep(9_000);
    // Enough to get through what the playlist holds, up to the live edge.
    await stop(await recordUntilFed(2, 9));

    const numbers = await recordedFrames();
    expect(new Set(numbers).size).toBe(numbers.length);
    const { gaps, segments } = await harness.manifest();
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.evidence).toMatch(/killed; the playlist no longer held the segments/);
    const hole = Math.max(
      ...numbers.slice(1).map((number, index) => number - (numbers[index] as number) - 1),
    );
    const gapMs = Date.parse(gaps[0]?.to ?? '') - Date.parse(gaps[0]?.from ?? '');
    expect(Math.abs(gapMs - hole * 40)).toBeLessThan(1_000);
    expect(segments.filter((segment) => segment.run === 1).length).toBeGreaterThan(1);
  });
});
