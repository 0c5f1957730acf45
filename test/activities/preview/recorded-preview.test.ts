/**
 * Goal: a stream is seen by the newest picture that it has closed and checked, with the time of that picture, and whoever asks hears
 * why there is none. Method: real segments of a colour each, as a run leaves them; every ffmpeg is counted.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTakePreview } from '../../../activities/preview/index.js';
import type { PreviewResult } from '../../../core/activity-contract.js';
import { formatManifestLine } from '../../../core/manifest/index.js';
import { changing, coloured, colourOf, RecordingWriter, SOUND_ALONE } from './recording-writer.js';

const INPUT = { instance: 'stream/alice', branch: 'recording' };
const ENDED_MS = Date.parse('2026-01-01T10:00:30.250Z');
const logger = { debug: () => undefined };

let folder: string;
let ffmpegPath: string;
let dataDir: string;
let recording: RecordingWriter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-recorded-preview-'));
  ffmpegPath = join(folder, 'counted-ffmpeg');
  await writeFile(ffmpegPath, `#!/bin/sh\necho run >> ${folder}/runs\nexec ffmpeg "$@"\n`);
  await chmod(ffmpegPath, 0o755);
});
beforeEach(async () => {
  await rm(join(folder, 'runs'), { force: true });
  dataDir = await mkdtemp(join(folder, 'data-'));
  recording = new RecordingWriter(dataDir, INPUT.instance);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A worker that has just started: it shares nothing with the one before but the disk. */
function take(): Promise<PreviewResult> {
  return createTakePreview({ dataDir, ffmpegPath, logger })(INPUT);
}

async function seen(): Promise<{ colour: string; takenAt: string }> {
  const result = await take();
  if (result.kind === 'none') throw new Error(`no picture: ${result.detail}`);
  const colour = await colourOf(Buffer.from(result.jpegBase64, 'base64'));
  return { colour, takenAt: result.takenAt };
}

async function ffmpegRuns(): Promise<number> {
  const text = await readFile(join(folder, 'runs'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line === 'run').length;
}

describe('a preview of a recording', () => {
  it('shows the end of the newest segment that is closed and there, and says when that was', async () => {
    await recording.segment(coloured('red'), ENDED_MS - 30_000, 2);
    const newest = await recording.segment(changing('red', 'blue', 14, 10), ENDED_MS, 30);
    // As a later line of a recovery or a removal would be: the order of lines says nothing.
    await recording.segment(coloured('red'), ENDED_MS - 60_000, 2);
    const removed = await recording.segment(coloured('red'), ENDED_MS + 2_000, 2);
    await recording.note(
      formatManifestLine({ type: 'removed', file: removed.file, at: removed.end, reason: 'keep_bytes' }),
    );
    expect(await seen()).toEqual({ colour: 'blue', takenAt: newest.end });
  });

  it('is taken once for a segment, however often it is asked for, and anew for the next one', async () => {
    const first = await recording.segment(coloured('red'), ENDED_MS, 2);
    expect(await seen()).toEqual({ colour: 'red', takenAt: first.end });
    expect(await seen()).toEqual({ colour: 'red', takenAt: first.end });
    expect(await ffmpegRuns()).toBe(1);
    const second = await recording.segment(coloured('blue'), ENDED_MS + 2_000, 2);
    expect(await seen()).toEqual({ colour: 'blue', takenAt: second.end });
    expect(await ffmpegRuns()).toBe(2);
  });

  it('is of the beginning where the last key frame is long ago, and says so', async () => {
    const only = await recording.segment(changing('red', 'blue', 5, 10_000), ENDED_MS, 30);
    expect(await seen()).toEqual({ colour: 'red', takenAt: only.start });
  });
});

describe('no preview of a recording', () => {
  it('comes before its first segment is closed', async () => {
    expect(await take()).toEqual({ kind: 'none', detail: 'its first segment is not closed yet' });
    await recording.note('');
    expect(await take()).toEqual({ kind: 'none', detail: 'its first segment is not closed yet' });
  });

  it('comes when retention has left nothing of it', async () => {
    const { file, end: at } = await recording.segment(coloured('red'), ENDED_MS, 2);
    await recording.note(formatManifestLine({ type: 'removed', file, at, reason: 'keep_for' }));
    expect(await take()).toEqual({
      kind: 'none',
      detail: 'retention has removed every closed segment of it',
    });
  });

  it('comes when the file has gone or is damaged, with its name', async () => {
    const line = await recording.segment(coloured('red'), ENDED_MS, 2);
    await writeFile(recording.pathOf(line), 'no media');
    expect(await take()).toEqual({ kind: 'none', detail: expect.stringContaining(line.file) });
    await rm(recording.pathOf(line));
    expect(await take()).toEqual({
      kind: 'none',
      detail: `${line.file}, its newest segment, is not there any more`,
    });
  });

  it('comes of sound alone', async () => {
    await recording.segment(SOUND_ALONE, ENDED_MS, 2);
    expect(await take()).toEqual({ kind: 'none', detail: 'there are no pictures in it, only sound' });
  });
});
