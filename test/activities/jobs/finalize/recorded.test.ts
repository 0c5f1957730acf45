// What the product's own recorder has written of a live source, with an interruption: joined, and cut out of.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clipSteps } from '../../../../activities/jobs/clip/index.js';
import { finalizeSteps } from '../../../../activities/jobs/finalize/index.js';
import { clipParams, finalizeParams } from '../../../../core/jobs/params.js';
import { coverageOf } from '../../../../core/manifest/index.js';
import { readFrameNumbers, startLiveSource, type LiveSource } from '../../../support/live-source/index.js';
import { sleep, startHarness, until, type Harness } from '../../recording/support/run-harness.js';
import { mediaFacts } from './support/media-facts.js';
import { StepCourse } from './support/step-course.js';

let source: LiveSource;
let harness: Harness;
let course: StepCourse;
let recorded: number[];

beforeAll(async () => {
  source = await startLiveSource();
  harness = await startHarness({ segmentMs: 2_000 });
  course = await StepCourse.in(harness.dataDir);
  for (const run of [1, 2]) {
    const live = await harness.start(source.urls.ts, run);
    const files = (await harness.files()).length;
    await until(async () => (await harness.files()).length >= files + 3);
    live.interrupt();
    await live.finish({ outcome: 'stopped' });
    if (run === 1) await sleep(2_000);
  }
  const { segments } = await harness.manifest();
  recorded = [];
  for (const { file } of segments) recorded.push(...(await readFrameNumbers(`${harness.folder}/${file}`)));
}, 120_000);

afterAll(async () => {
  await harness.close();
  await source.close();
});

describe('what the recorder has written', () => {
  it('is joined with every picture, and a chapter at the interruption', async () => {
    await course.make(finalizeSteps, finalizeParams.parse({ recording: 'stream/alice' }));
    const [name] = (await course.artifacts()).filter((artifact) => artifact.endsWith('.mp4'));
    const file = course.artifact(name ?? '');
    expect(await readFrameNumbers(file)).toEqual(recorded);
    const { chapters, durationSeconds } = await mediaFacts(file);
    expect(chapters).toHaveLength(2);
    expect(chapters[1]?.title).toMatch(/^stopped, \d+\.\d s missing, on from /);
    const coverage = coverageOf(await harness.manifest());
    expect(Math.abs(durationSeconds - (coverage?.recordedMs ?? 0) / 1_000)).toBeLessThan(1);
    expect(await course.artifacts()).toEqual(
      expect.arrayContaining(['contact-sheet.jpg', 'thumbnail.jpg', 'waveform.png']),
    );
  });

  it('is cut at exactly the pictures that the manifest places between two instants', async () => {
    course.announced.length = 0;
    const [first] = (await harness.manifest()).segments;
    const startMs = Date.parse(first?.start ?? '');
    const [from, to] = [1_000, 3_000].map((ms) => new Date(startMs + ms).toISOString());
    await course.make(clipSteps, clipParams.parse({ recording: 'stream/alice', from, to, reencode: true }));
    const found = await readFrameNumbers(course.artifact(course.announced[0]?.name ?? ''));
    expect(found[0]).toBe(recorded[25]);
    expect(found).toEqual(recorded.slice(25, 25 + found.length));
    // The second segment continues the clock of the first, whose length is measured to within the jitter of the network.
    expect(Math.abs(found.length - 50)).toBeLessThanOrEqual(25);
  });
});
