// What recordings are like in the field: gaps, lost media, clocks that begin anew, damage, other parameters. Nothing of it may cost a picture.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFinalizeSteps, finalizeSteps } from '../../../../activities/jobs/finalize/index.js';
import { finalizeParams } from '../../../../core/jobs/params.js';
import { coverageOf, readManifest, type SegmentLine } from '../../../../core/manifest/index.js';
import { readFrameNumbers } from '../../../support/live-source/index.js';
import { SmallDisk } from '../../recording/support/small-disk.js';
import { until } from '../../recording/support/run-harness.js';
import { mediaFacts } from './support/media-facts.js';
import { PACED_TOOLS } from './support/paced-tools.js';
import { RecordedBranch } from './support/recorded-branch.js';
import { StepCourse } from './support/step-course.js';

const START_MS = Date.UTC(2026, 0, 31, 12);
const NAME = 'desk-20260131T120000Z';
const JOINING = ['survey', 'join', 'verify'];
/** When the 33 bits of the clock of MPEG-TS are used up. */
const CLOCK_ENDS_SECONDS = 2 ** 33 / 90_000;
let course: StepCourse;
let branch: RecordedBranch;

beforeEach(async () => {
  course = await StepCourse.open();
  branch = new RecordedBranch(course.dataDir, 'capture/desk', 'tape');
});

afterEach(() => course.close());

function params(more: object = {}) {
  return finalizeParams.parse({ recording: 'capture/desk', contact_sheet: false, ...more });
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function endOf(lines: readonly SegmentLine[]): number {
  return Date.parse(lines.at(-1)?.end ?? '');
}

describe('finalize', () => {
  it('leaves gaps out and marks each with a chapter that says why and for how long', async () => {
    const first = await branch.record({ run: 1, startMs: START_MS, seconds: 4 });
    await branch.gap(endOf(first), endOf(first) + 12_300, 'signal_lost');
    const second = await branch.record({
      run: 2,
      startMs: endOf(first) + 12_300,
      seconds: 4,
      firstFrame: 400,
      sourceTimeSeconds: 3,
    });
    await branch.gap(endOf(second), endOf(second) + 60_000, 'stopped');
    await branch.record({ run: 3, startMs: endOf(second) + 60_000, seconds: 2, firstFrame: 900 });
    await course.make(finalizeSteps, params(), JOINING);
    const file = course.artifact(`${NAME}.mp4`);
    expect(await readFrameNumbers(file)).toEqual([
      ...numbers(0, 100),
      ...numbers(400, 500),
      ...numbers(900, 950),
    ]);
    const { chapters, durationSeconds } = await mediaFacts(file);
    expect(chapters.map(({ title }) => title)).toEqual([
      'from 2026-01-31 12:00:00 UTC',
      expect.stringMatching(/^signal_lost, 12\.3 s missing, on from 2026-01-31 12:00:16 UTC$/),
      expect.stringMatching(/^stopped, 60\.0 s missing, on from 2026-01-31 12:01:20 UTC$/),
    ]);
    const starts = chapters.map(({ startSeconds }) => startSeconds);
    for (const [index, expected] of [0, 4, 8].entries()) {
      expect(Math.abs((starts[index] ?? -1) - expected)).toBeLessThan(0.3);
    }
    expect(Math.abs(durationSeconds - 10)).toBeLessThan(0.3);
  });

  it('keeps the clock where media was lost inside a segment, and marks the place', async () => {
    const hole = { atSeconds: 3, seconds: 4 };
    const lines = await branch.record({
      run: 1,
      startMs: START_MS,
      seconds: 6,
      segmentSeconds: 60,
      hole,
      bFrames: 2,
    });
    expect(lines).toHaveLength(1);
    await branch.gap(START_MS + 3_000, START_MS + 7_000, 'buffer_underrun');
    await course.make(finalizeSteps, params(), JOINING);
    const { chapters, durationSeconds } = await mediaFacts(course.artifact(`${NAME}.mp4`));
    expect(Math.abs(durationSeconds - 10)).toBeLessThan(0.2);
    expect(await readFrameNumbers(course.artifact(`${NAME}.mp4`))).toEqual(numbers(0, 150));
    expect(chapters[1]?.title).toMatch(/^buffer_underrun, 4\.0 s missing/);
    expect(Math.abs((chapters[1]?.startSeconds ?? 0) - 7)).toBeLessThan(0.1);
  });

  it('goes over the end of the clock of MPEG-TS, in a segment and between two', async () => {
    const sourceTimeSeconds = CLOCK_ENDS_SECONDS - 3;
    await branch.record({ run: 1, startMs: START_MS, seconds: 8, sourceTimeSeconds, bFrames: 2 });
    await course.make(finalizeSteps, params(), JOINING);
    const file = course.artifact(`${NAME}.mp4`);
    expect(await readFrameNumbers(file)).toEqual(numbers(0, 200));
    expect(Math.abs((await mediaFacts(file)).durationSeconds - 8)).toBeLessThan(0.2);
  });

  it('makes another file where the size of the picture changes or sound comes and goes, and says so', async () => {
    const first = await branch.record({ run: 1, startMs: START_MS, seconds: 3 });
    const second = await branch.record({ run: 2, startMs: endOf(first), seconds: 3, small: true });
    await branch.record({ run: 3, startMs: endOf(second), seconds: 3, sound: 'none', firstFrame: 300 });
    await course.make(finalizeSteps, params({ contact_sheet: true }));
    const videos = (await course.artifacts()).filter((name) => name.endsWith('.mp4'));
    expect(videos).toEqual([
      `${NAME}-1.mp4`,
      expect.stringMatching(/^desk-20260131T12000\dZ-2\.mp4$/),
      expect.stringMatching(/^desk-20260131T12000\dZ-3\.mp4$/),
    ]);
    const facts = await Promise.all(videos.map((name) => mediaFacts(course.artifact(name))));
    expect(facts.map(({ streams }) => streams.map((stream) => stream.split(' ')[0]))).toEqual([
      ['video', 'audio'],
      ['video', 'audio'],
      ['video'],
    ]);
    expect(await readFrameNumbers(course.artifact(videos[2] ?? ''))).toEqual(numbers(300, 375));
    expect(course.logged.filter((line) => line.includes('another file from'))).toHaveLength(2);
    expect(await course.artifacts()).toEqual(
      [...videos, 'contact-sheet.jpg', 'thumbnail.jpg', 'waveform.png'].sort(),
    );
  });

  it('leaves a damaged segment out, says which, and marks the place', async () => {
    const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 8 });
    await truncate(join(branch.folder, lines[1]?.file ?? ''), 20_000);
    await course.make(finalizeSteps, params({ keep_parts: false }));
    expect(course.logged).toContainEqual(
      expect.stringMatching(
        new RegExp(`^warning: ${lines[1]?.file} is damaged and left out: it has 20000 bytes`),
      ),
    );
    const file = course.artifact(`${NAME}.mp4`);
    expect(await readFrameNumbers(file)).toEqual([...numbers(0, 50), ...numbers(100, 200)]);
    expect((await mediaFacts(file)).chapters[1]?.title).toMatch(/^damaged segment, 2\.0 s missing/);
    expect(await readFile(join(branch.folder, lines[1]?.file ?? ''))).toHaveLength(20_000);
  });

  it('leaves the segment out that is still being written', async () => {
    const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 6 });
    const manifest = join(branch.folder, 'manifest.jsonl');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.split('\n').slice(0, 2).join('\n'));
    expect(lines).toHaveLength(3);
    await course.make(finalizeSteps, params(), JOINING);
    expect(await readFrameNumbers(course.artifact(`${NAME}.mp4`))).toEqual(numbers(0, 100));
  });

  it('says what differs when the manifest names other pictures, and keeps the segments', async () => {
    const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 4 });
    const manifest = join(branch.folder, 'manifest.jsonl');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"frames":50', '"frames":61'));
    await expect(course.make(finalizeSteps, params({ keep_parts: false }))).rejects.toMatchObject({
      cause: 'verification_failed',
      message: `${NAME}.mp4: 100 pictures in place of 111; the segments are kept`,
      retryable: false,
    });
    expect(await course.artifacts()).toEqual([]);
    for (const { file } of lines)
      expect((await readFile(join(branch.folder, file))).length).toBeGreaterThan(0);
  });

  it('says what differs when the manifest names another length', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 4, segmentSeconds: 60 });
    const manifest = join(branch.folder, 'manifest.jsonl');
    await writeFile(
      manifest,
      (await readFile(manifest, 'utf8')).replace(/"end":"[^"]*"/, '"end":"2026-01-31T12:00:06.000Z"'),
    );
    await expect(course.make(finalizeSteps, params())).rejects.toMatchObject({
      cause: 'verification_failed',
      message: expect.stringMatching(/4\.\d\d s of media where the manifest has 6\.00 s/),
    });
  });

  it('removes the segments when that is wanted, as retention does, also when it is done twice', async () => {
    const lines = await branch.record({ run: 1, startMs: START_MS, seconds: 4 });
    await course.make(finalizeSteps, params({ keep_parts: false }));
    await course.make(finalizeSteps, params({ keep_parts: false }), ['tidy']);
    const manifest = readManifest(await readFile(join(branch.folder, 'manifest.jsonl'), 'utf8'));
    expect(manifest.removed).toMatchObject(
      lines.map(({ file }) => ({ file, reason: `joined to ${NAME}.mp4 by job/tried` })),
    );
    expect(coverageOf(manifest)).toMatchObject({ segments: 0, missingMs: 0 });
    for (const { file } of lines) await expect(readFile(join(branch.folder, file))).rejects.toThrow('ENOENT');
  });

  it('takes only what was asked for, in whole segments', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 8 });
    const [from, to] = [2_500, 3_500].map((ms) => new Date(START_MS + ms).toISOString());
    await course.make(finalizeSteps, params({ from, to }), JOINING);
    const [name] = await course.artifacts();
    expect(await readFrameNumbers(course.artifact(name ?? ''))).toEqual(numbers(50, 100));
  });

  it('joins sound without pictures and says that there are none', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 5, pictures: false });
    await course.make(finalizeSteps, params());
    expect(await course.artifacts()).toEqual([`${NAME}.mp4`, 'waveform.png']);
    expect(course.logged).toContain(
      'info: the recording has no pictures: neither thumbnail nor contact sheet',
    );
    expect(Math.abs((await mediaFacts(course.artifact(`${NAME}.mp4`))).durationSeconds - 5)).toBeLessThan(
      0.2,
    );
  });

  it('makes no waveform of a recording without sound and says so', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 3, sound: 'none' });
    await course.make(finalizeSteps, params({ contact_sheet: true }));
    expect(await course.artifacts()).toEqual(['contact-sheet.jpg', `${NAME}.mp4`, 'thumbnail.jpg']);
    expect(course.logged).toContain('info: the recording has no sound: no waveform');
    const sheet = await mediaFacts(course.artifact('contact-sheet.jpg'));
    expect(sheet.streams).toEqual(['video mjpeg 1']);
  });

  it('asks for the branch where there are several', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 2 });
    await new RecordedBranch(course.dataDir, 'capture/desk', 'spare').record({
      run: 1,
      startMs: START_MS,
      seconds: 2,
    });
    await expect(course.make(finalizeSteps, params())).rejects.toMatchObject({
      message: 'capture/desk records in several branches: name one of spare, tape as branch',
    });
  });

  it('announces what an attempt before it has made already', async () => {
    await branch.record({ run: 1, startMs: START_MS, seconds: 3 });
    await course.make(finalizeSteps, params(), JOINING);
    course.announced.length = 0;
    course.nextAttempt();
    await course.make(finalizeSteps, params(), ['verify']);
    expect(course.announced).toEqual([{ name: `${NAME}.mp4`, mediaType: 'video/mp4' }]);
    expect(await readFrameNumbers(course.artifact(`${NAME}.mp4`))).toEqual(numbers(0, 75));
  });
});

describe('finalize on a disk', () => {
  it('is refused when the result does not fit beside the recording', async () => {
    const disk = new SmallDisk(40);
    const small = await StepCourse.open(disk.path);
    try {
      await new RecordedBranch(small.dataDir, 'capture/desk', 'tape').record({
        run: 1,
        startMs: START_MS,
        seconds: 3,
      });
      disk.fillUntil(20_000_000);
      await expect(small.make(finalizeSteps, params(), JOINING)).rejects.toMatchObject({
        cause: 'storage_full',
        retryable: false,
        message: expect.stringMatching(/^32 MB have to be free for the result, and (19|20) MB are$/),
      });
    } finally {
      disk.remove();
    }
  });

  it('fails when the disk runs full under way, and leaves nothing half-made', async () => {
    const disk = new SmallDisk(60);
    const small = await StepCourse.open(disk.path);
    try {
      await new RecordedBranch(small.dataDir, 'capture/desk', 'tape').record({
        run: 1,
        startMs: START_MS,
        seconds: 30,
      });
      await small.make(finalizeSteps, params(), ['survey']);
      const joining = small.make(createFinalizeSteps(PACED_TOOLS), params(), ['join']);
      joining.catch(() => undefined);
      await until(async () => (await small.halfMade()).some((name) => !name.includes('.list')));
      disk.fillUntil(0);
      await expect(joining).rejects.toMatchObject({ cause: 'storage_full', retryable: false });
      expect((await small.halfMade()).filter((name) => !name.includes('.list'))).toEqual([]);
    } finally {
      disk.remove();
    }
  });
});
