import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { explainByFeed } from '../../../activities/recording/feed-absence.js';
import { coverageOf, type GapLine } from '../../../core/manifest/index.js';
import type { Container } from '../../../core/run.js';
import { packetTimes } from '../../support/packet-times.js';
import {
  FRAMES_PER_SECOND,
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../support/live-source/index.js';
import { copyIntoHub, hubOfThisProcess, sendNoise, type HubIngest } from './support/hub-ingest.js';
import { countPictures } from './support/recorded-media.js';
import { sleep, startHarness, until, type Harness } from './support/run-harness.js';

let source: LiveSource;
let harness: Harness;
let ingest: HubIngest;

beforeAll(async () => {
  source = await startLiveSource();
});

afterEach(async () => {
  await ingest.kill();
  await harness.close();
});

afterAll(() => source.close());

async function recordedNumbers(): Promise<number[]> {
  const { segments } = await harness.manifest();
  const numbers = await Promise.all(segments.map(({ file }) => readFrameNumbers(join(harness.folder, file))));
  return numbers.flat();
}

describe('a recording of the hub', () => {
  it('goes on when the ingest is killed and comes back: no hole in media time, one in the manifest', async () => {
    const hub = hubOfThisProcess('hole');
    const asked: [string, number][] = [];
    harness = await startHarness({
      hub,
      segmentMs: 4_000,
      whyFeedWasAway: (workflowId, fromMs, toMs) => {
        asked.push([workflowId, toMs - fromMs]);
        return { cause: 'crashed', detail: 'the ingest was killed' };
      },
    });
    const run = await harness.start('', 1);
    ingest = copyIntoHub(source.urls.ts, hub);
    await until(async () => (await harness.files()).length > 1);
    await ingest.kill();
    await sleep(5_000);
    ingest = copyIntoHub(source.urls.ts, hub);
    await until(async () => (await harness.files()).length > 4);
    run.interrupt();
    await run.finish({ outcome: 'stopped' });

    // One run, whose pictures are all there but for those of one hole.
    const { segments, gaps } = await harness.manifest();
    expect(new Set(segments.map((segment) => segment.run))).toEqual(new Set([1]));
    const holes = missingFrames(await recordedNumbers());
    expect(holes).toHaveLength(1);
    const [hole] = holes;
    const lostMs = (((hole?.to ?? 0) - (hole?.from ?? 0) + 1) * 1_000) / FRAMES_PER_SECOND;

    // Media time goes on as if nothing had been.
    const times = (
      await Promise.all(segments.map(({ file }) => packetTimes(join(harness.folder, file))))
    ).flat();
    const steps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    // The new ingest has sound before its first key frame, which comes within a second.
    expect(Math.max(...steps)).toBeLessThan(1.5);

    // The manifest says how long nothing came, and why.
    expect(gaps).toMatchObject([
      { cause: 'crashed', evidence: expect.stringContaining('the ingest was killed') as unknown },
    ]);
    const coverage = coverageOf(await harness.manifest());
    expect(Math.abs((coverage?.missingMs ?? 0) - lostMs)).toBeLessThan(1_000);
    expect(asked).toEqual([['capture/desk', coverage?.missingMs]]);
  }, 90_000);

  it.each<Container>(['mpegts', 'fmp4', 'mkv'])(
    'joins a running ingest and keeps whole segments of %s',
    async (container) => {
      const hub = hubOfThisProcess(container);
      ingest = sendNoise(1_000_000, hub);
      await sleep(2_500);
      harness = await startHarness({ hub, container, segmentMs: 2_000 });
      const run = await harness.start('', 1);
      await until(async () => (await harness.manifest()).segments.length > 0);
      expect(run.watcher().continuityErrors?.()).toBe(0);
      expect(run.watcher().mustEnd?.()).toBeNull();
      run.interrupt();
      await run.finish({ outcome: 'stopped' });
      const { segments, gaps } = await harness.manifest();
      expect(segments.map(({ file }) => file)).toEqual(await harness.files());
      expect(gaps).toEqual([]);
      for (const { file, frames } of segments) {
        expect(await countPictures(join(harness.folder, file))).toBe(frames);
      }
    },
    60_000,
  );
});

describe('a gap in what the hub delivered', () => {
  const gap: GapLine = {
    type: 'gap',
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:00:05.000Z',
    cause: 'stream_timeout',
    evidence: 'nothing came',
  };
  const why = () => ({ cause: 'signal_lost', detail: 'no HDMI signal' });

  it('has the cause of the ingest when the recording only waited or was told to', async () => {
    const gaps = [gap, { ...gap, cause: 'stopped' }];
    const explained = { cause: 'signal_lost', evidence: 'no HDMI signal; nothing came' };
    expect(await explainByFeed(why, gaps)).toMatchObject([explained, explained]);
  });

  it('keeps its own cause when the recording failed by itself, or nobody knows better', async () => {
    const own = { ...gap, cause: 'storage_full' };
    expect(await explainByFeed(why, [own])).toEqual([own]);
    expect(await explainByFeed(() => null, [gap])).toEqual([gap]);
    expect(await explainByFeed(null, [gap])).toEqual([gap]);
  });
});
