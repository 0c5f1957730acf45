// Clips are compared picture by picture: every picture carries its number, and the manifest says when each came in.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clipSteps, createClipSteps } from '../../../../activities/jobs/clip/index.js';
import { StepFailure } from '../../../../activities/jobs/step-failure.js';
import { clipParams } from '../../../../core/jobs/params.js';
import type { Container } from '../../../../core/run.js';
import { readFrameNumbers } from '../../../support/live-source/index.js';
import { packetSteps } from '../../../support/packet-times.js';
import { until } from '../../recording/support/run-harness.js';
import { mediaFacts, topBoxes } from '../finalize/support/media-facts.js';
import { PACED_TOOLS } from '../finalize/support/paced-tools.js';
import { RecordedBranch, type MadeRun } from '../finalize/support/recorded-branch.js';
import { StepCourse } from '../finalize/support/step-course.js';

const PICTURE_MS = 40;
const START_MS = Date.UTC(2026, 0, 31, 12);
/** Eight seconds, then ten seconds in which there was no signal, then six seconds. */
const GAP = { fromMs: START_MS + 8_000, toMs: START_MS + 18_000 };
let course: StepCourse;

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function instant(afterStartMs: number): string {
  return new Date(START_MS + afterStartMs).toISOString();
}

async function recordTwoSpans(made: Partial<MadeRun> = {}): Promise<void> {
  course = await StepCourse.open();
  const branch = new RecordedBranch(course.dataDir, 'stream/alice', 'recording');
  await branch.record({ run: 1, startMs: START_MS, seconds: 8, segmentSeconds: 4, ...made });
  await branch.gap(GAP.fromMs, GAP.toMs, 'signal_lost');
  await branch.record({
    run: 2,
    startMs: GAP.toMs,
    seconds: 6,
    segmentSeconds: 4,
    firstFrame: 450,
    sourceTimeSeconds: 4_000,
    ...made,
  });
}

/** Makes a clip and answers its file. */
async function clip(from: string, to: string, reencode: boolean): Promise<string> {
  course.announced.length = 0;
  course.logged.length = 0;
  await course.make(clipSteps, clipParams.parse({ recording: 'stream/alice', from, to, reencode }));
  const [only, another] = course.announced;
  expect(another).toBeUndefined();
  return course.artifact(only?.name ?? '');
}

/**
 * Checks that there is a picture at every moment, and sound: where runs meet, one may begin with sound alone.
 * @param pictures numbers of the pictures that belong to the clip; copying adds those that B-frames before its end need
 */
async function expectNoStandstill(file: string, pictures: readonly number[]): Promise<void> {
  const [steps, soundSteps] = await Promise.all([packetSteps(file), packetSteps(file, 'a')]);
  for (const stepMs of steps.slice(0, pictures.length - 1)) {
    expect(Math.abs(stepMs - PICTURE_MS)).toBeLessThanOrEqual(2);
  }
  // Pieces of 23 ms: a hole or an overlap would be other steps. Only the two that meet between the runs may share their time.
  expect(soundSteps.filter((stepMs) => stepMs < 5).length).toBeLessThanOrEqual(1);
  expect(Math.max(...soundSteps)).toBeLessThan(60);
  expect(Math.abs(sum(soundSteps) - pictures.length * PICTURE_MS)).toBeLessThan(150);
}

describe.each<[Container, number, number]>([
  ['mpegts', 0, 0.9],
  ['mpegts', 2, 0],
  ['fmp4', 2, 0],
  ['mkv', 0, 0.9],
])(
  'a clip of a recording in %s with %i B-frames and sound %f s before pictures',
  (container, bFrames, soundLeadSeconds) => {
    beforeAll(() => recordTwoSpans({ container, bFrames, soundLeadSeconds }));
    afterAll(() => course.close());

    it('holds exactly the pictures between the instants when it is encoded again', async () => {
      const file = await clip(instant(1_480), instant(5_240), true);
      expect(await readFrameNumbers(file)).toEqual(numbers(37, 131));
      expect(Math.abs((await mediaFacts(file)).durationSeconds - 3.76)).toBeLessThan(0.1);
      expect((await topBoxes(file)).slice(0, 2)).toEqual(['ftyp', 'moov']);
      expect(course.logged).toEqual([
        `info: the clip begins at ${instant(1_480)}, and ends at ${instant(5_240)}`,
      ]);
    });

    it('begins at the key frame before the start when it is copied, and says where that is', async () => {
      const file = await clip(instant(1_480), instant(5_240), false);
      const found = await readFrameNumbers(file);
      expect(found.slice(0, 131 - 25)).toEqual(numbers(25, 131));
      expect(found.length - (131 - 25)).toBeLessThanOrEqual(bFrames);
      expect(course.logged[0]).toContain(`begins at ${instant(1_000)}, the key frame 0.480 s before`);
      expect((await mediaFacts(file)).tags['comment']).toContain(`from ${instant(1_000)}; asked for was`);
    });

    it('goes on after a gap, with a chapter there', async () => {
      const file = await clip(instant(6_480), instant(20_000), true);
      const expected = [...numbers(162, 200), ...numbers(450, 500)];
      expect(await readFrameNumbers(file)).toEqual(expected);
      await expectNoStandstill(file, expected);
      const { chapters, durationSeconds } = await mediaFacts(file);
      expect(chapters.map(({ title }) => title)).toEqual([
        'from 2026-01-31 12:00:06 UTC',
        'signal_lost, 10.0 s missing, on from 2026-01-31 12:00:18 UTC',
      ]);
      expect(Math.abs((chapters[1]?.startSeconds ?? 0) - 1.52)).toBeLessThan(0.15);
      expect(Math.abs(durationSeconds - 3.52)).toBeLessThan(0.2);
      expect(course.logged).toContain(
        'warning: 10.0 s from 2026-01-31 12:00:08 UTC on are not recorded: signal_lost',
      );
    });

    it('goes on after a gap when it is copied', async () => {
      const file = await clip(instant(6_480), instant(20_000), false);
      const found = await readFrameNumbers(file);
      const expected = [...numbers(150, 200), ...numbers(450, 500)];
      expect(found.slice(0, expected.length)).toEqual(expected);
      expect(found.length - expected.length).toBeLessThanOrEqual(bFrames);
      await expectNoStandstill(file, expected);
      const { chapters } = await mediaFacts(file);
      expect(Math.abs((chapters[1]?.startSeconds ?? 0) - 2)).toBeLessThan(0.15);
    });
  },
);

describe('a clip at the edges of a recording', () => {
  beforeAll(() => recordTwoSpans());
  afterAll(() => course.close());

  it('begins with what there is when the start lies in a gap', async () => {
    const file = await clip(instant(12_000), instant(19_000), true);
    expect(await readFrameNumbers(file)).toEqual(numbers(450, 475));
    expect(course.logged).toContain(`warning: nothing is recorded before ${instant(18_000)}`);
  });

  it('ends with what there is when the end lies behind the recording', async () => {
    const file = await clip(instant(23_000), instant(60_000), false);
    expect(await readFrameNumbers(file)).toEqual(numbers(575, 600));
    expect(course.logged).toContain(`warning: nothing is recorded after ${instant(24_000)}`);
  });

  it('is refused where nothing is recorded, naming what there is', async () => {
    const failure = await clip(instant(9_000), instant(11_000), true).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepFailure);
    expect(failure).toMatchObject({
      cause: 'not_recorded',
      retryable: false,
      message:
        'stream/alice in recording has nothing between 2026-01-31 12:00:09 UTC and 2026-01-31 12:00:11 UTC; ' +
        'there is 2026-01-31 12:00:00 UTC to 2026-01-31 12:00:08 UTC, 2026-01-31 12:00:18 UTC to 2026-01-31 12:00:24 UTC',
    });
  });

  it('is refused for a recording or a branch that is not there', async () => {
    const from = instant(0);
    const to = instant(1_000);
    const unknown = clipParams.parse({ recording: 'stream/bob', from, to });
    await expect(course.make(clipSteps, unknown)).rejects.toMatchObject({ cause: 'not_recorded' });
    const branch = clipParams.parse({ recording: 'stream/alice', branch: 'tape', from, to });
    await expect(course.make(clipSteps, branch)).rejects.toMatchObject({
      message: 'stream/alice has no recording in tape; there is recording',
    });
  });

  it('leaves nothing half-made when it is cancelled', async () => {
    const cancelled = await StepCourse.open();
    const branch = new RecordedBranch(cancelled.dataDir, 'stream/alice', 'recording');
    await branch.record({ run: 1, startMs: START_MS, seconds: 12, segmentSeconds: 12 });
    const params = clipParams.parse({
      recording: 'stream/alice',
      from: instant(0),
      to: instant(12_000),
      reencode: true,
    });
    await cancelled.make(clipSteps, params, ['survey']);
    const cutting = cancelled.make(createClipSteps(PACED_TOOLS), params, ['cut']);
    cutting.catch(() => undefined);
    await until(async () => (await cancelled.halfMade()).some((name) => !name.includes('.list')));
    cancelled.cancel.abort(new Error('cancelled by the test'));
    await expect(cutting).rejects.toThrow('cancelled by the test');
    expect(await cancelled.halfMade()).toEqual([]);
    expect(await cancelled.artifacts()).toEqual([]);
    await cancelled.close();
  });
});
