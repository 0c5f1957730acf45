// Recordings of numbered pictures are joined: every picture has to be there once, in order, in every container.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { finalizeSteps } from '../../../../activities/jobs/finalize/index.js';
import { finalizeParams } from '../../../../core/jobs/params.js';
import type { Container } from '../../../../core/run.js';
import { readFrameNumbers } from '../../../support/live-source/index.js';
import { packetSteps } from '../../../support/packet-times.js';
import { mediaFacts, topBoxes } from './support/media-facts.js';
import { RecordedBranch } from './support/recorded-branch.js';
import { StepCourse } from './support/step-course.js';

const START_MS = Date.UTC(2026, 0, 31, 12);
const PICTURE_MS = 40;
const NAME = 'alice-20260131T120000Z';
let course: StepCourse;
let branch: RecordedBranch;

beforeEach(async () => {
  course = await StepCourse.open();
  branch = new RecordedBranch(course.dataDir, 'stream/alice', 'recording');
});

afterEach(() => course.close());

function params(more: object = {}) {
  return finalizeParams.parse({ recording: 'stream/alice', contact_sheet: false, waveform: false, ...more });
}

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

describe.each<[Container, number]>([
  ['mpegts', 0],
  ['mpegts', 2],
  ['fmp4', 0],
  ['fmp4', 2],
  ['mkv', 0],
  ['mkv', 2],
])('a recording in %s with %i B-frames', (container, bFrames) => {
  it('becomes one MP4 with its header in front, every picture once and a steady clock', async () => {
    const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 7, container, bFrames });
    await course.make(finalizeSteps, params());

    const file = course.artifact(`${NAME}.mp4`);
    const facts = await mediaFacts(file);
    expect(facts.streams[0]).toBe('video h264 175');
    expect(facts.streams[1]).toMatch(/^audio aac/);
    expect(Math.abs(facts.durationSeconds - 7)).toBeLessThan(0.2);
    expect(await readFrameNumbers(file)).toEqual(numbers(0, 175));
    expect((await topBoxes(file)).slice(0, 2)).toEqual(['ftyp', 'moov']);
    const steps = await packetSteps(file);
    const stepsInSegments = await Promise.all(
      lines.map((line) => packetSteps(join(branch.folder, line.file))),
    );
    const expected = stepsInSegments.flatMap((own, index) => (index === 0 ? own : [PICTURE_MS, ...own]));
    expect(steps).toHaveLength(expected.length);
    for (const [index, step] of steps.entries())
      expect(Math.abs(step - (expected[index] ?? 0))).toBeLessThanOrEqual(2);
    expect(facts.chapters).toEqual([]);
    expect(course.announced).toContainEqual({ name: `${NAME}.mp4`, mediaType: 'video/mp4' });
  });
});

describe('each step of finalize', () => {
  it('tells how much of how much is done, and how fast', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 5 });
    const units: Record<string, Set<string | undefined>> = {};
    for (const step of ['survey', 'join', 'verify', 'pictures']) {
      course.progress.length = 0;
      await course.make(finalizeSteps, params({ contact_sheet: true, waveform: true }), [step]);
      units[step] = new Set(course.progress.map(({ unit }) => unit));
      const percents = course.progress.map(({ percent }) => percent ?? -1);
      expect(percents).toEqual(percents.toSorted((left, right) => left - right));
      expect(percents.at(-1)).toBeGreaterThan(90);
      for (const { done, total } of course.progress) {
        expect(done).toBeGreaterThanOrEqual(0);
        expect(done).toBeLessThanOrEqual(total ?? -1);
      }
      expect(course.progress.at(-1)?.rate).toBeGreaterThan(0);
    }
    expect(units).toEqual({
      survey: new Set(['segments']),
      join: new Set(['seconds']),
      verify: new Set(['files']),
      pictures: new Set(['pictures', 'seconds']),
    });
  });
});
