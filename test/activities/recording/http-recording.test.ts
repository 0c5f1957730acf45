import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { coverageOf } from '../../../core/manifest/index.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../support/live-source/index.js';
import { countPictures } from './support/recorded-media.js';
import { sleep, startHarness, until, type Harness } from './support/run-harness.js';

/** Real sources, our reader and ffmpeg; what is on disk is compared with what was shown. */
let source: LiveSource;
let harness: Harness;

beforeAll(async () => {
  source = await startLiveSource();
});

afterEach(() => harness.close());
afterAll(() => source.close());

async function recordedFrames(): Promise<number[]> {
  const numbers: number[] = [];
  for (const file of await harness.files())
    numbers.push(...(await readFrameNumbers(join(harness.folder, file))));
  return numbers;
}

describe('a recording over HTTP', () => {
  it('tells within half a second when each picture was shown, and joins the segments of a run', async () => {
    harness = await startHarness();
    const run = await harness.start(source.urls.ts, 1);
    await until(async () => (await harness.manifest()).segments.length >= 2);
    run.interrupt();
    await run.finish({ outcome: 'stopped' });

    const { segments, gaps, faults } = await harness.manifest();
    expect(faults).toEqual([]);
    expect(gaps).toEqual([]);
    for (const [index, segment] of segments.entries()) {
      const numbers = await readFrameNumbers(join(harness.folder, segment.file));
      expect(numbers).toHaveLength(segment.frames);
      expect(Math.abs(source.frameAt(Date.parse(segment.start)) - (numbers[0] as number))).toBeLessThan(20);
      expect(Math.abs(source.frameAt(Date.parse(segment.end)) - (numbers.at(-1) as number))).toBeLessThan(20);
      if (index > 0) expect(segment.start).toBe(segments[index - 1]?.end);
    }
    expect(missingFrames(await recordedFrames())).toEqual([]);
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    expect(run.watcher().bytesWritten?.()).toBeGreaterThan(bytes / 2);
  });

  it('writes the outage between two runs as a gap with cause and evidence', async () => {
    harness = await startHarness();
    const first = await harness.start(source.urls.flv, 1);
    await sleep(3_000);
    const outage = source.refuse(3_000);
    const evidence = await first.finish();
    expect(evidence).toMatchObject({ role: 'input' });
    await outage;
    const second = await harness.start(source.urls.flv, 2);
    await sleep(3_000);
    second.interrupt();
    await second.finish({ outcome: 'stopped' });

    const manifest = await harness.manifest();
    expect(manifest.gaps).toHaveLength(1);
    expect(manifest.gaps[0]).toMatchObject({
      cause: 'network_disconnect',
      evidence: 'connection reset by peer',
    });
    const [hole] = missingFrames(await recordedFrames());
    const missingMs = ((hole?.to ?? 0) - (hole?.from ?? 0) + 1) * 40;
    expect(Math.abs((coverageOf(manifest)?.missingMs ?? 0) - missingMs)).toBeLessThan(500);
  });

  it('writes a pause of the source inside a run as a gap', async () => {
    harness = await startHarness({ segmentMs: 60_000 });
    const run = await harness.start(source.urls.flv, 1);
    await sleep(3_000);
    await source.silence(4_000);
    await sleep(3_000);
    run.interrupt();
    await run.finish({ outcome: 'stopped' });

    const { gaps, segments } = await harness.manifest();
    expect(segments).toHaveLength(1);
    const lengthMs = gaps.reduce((sum, gap) => sum + Date.parse(gap.to) - Date.parse(gap.from), 0);
    expect(Math.abs(lengthMs - 4_000)).toBeLessThan(1_200);
    expect(gaps).toHaveLength(1);
  });

  it('never uses a name twice when the owner counts from 1 again', async () => {
    harness = await startHarness();
    for (let time = 0; time < 2; time += 1) {
      const before = time === 0 ? 0 : (await harness.files()).length;
      const run = await harness.start(source.urls.flv, 1);
      await until(async () => (await harness.files()).length > before);
      await sleep(2_000);
      run.interrupt();
      await run.finish({ outcome: 'stopped' });
      harness.forgetEverything();
    }
    const { segments, gaps } = await harness.manifest();
    expect(new Set(segments.map((segment) => segment.run))).toEqual(new Set([1, 2]));
    expect(new Set(segments.map((segment) => segment.file)).size).toBe(segments.length);
    expect(gaps).toMatchObject([{ cause: 'stopped' }]);
    for (const { file, frames } of segments) {
      expect(await countPictures(join(harness.folder, file))).toBe(frames);
    }
  });
});
