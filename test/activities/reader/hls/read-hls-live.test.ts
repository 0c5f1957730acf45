/**
 * Goal: over an outage shorter than the playlist's window every picture of a live HLS show is recorded exactly once; over
 * a longer one what is lost is reported. Method: the compiled program against a live source whose pictures carry their
 * number, broken for real.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReaderEvent, ReaderSpec, ResumePoint } from '../../../../activities/reader/index.js';
import {
  FRAMES_PER_SECOND,
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../../../support/live-source/index.js';
import { eventsOf, startReader, until, type ReaderResult } from '../support/reader-program.js';

const WINDOW_SEGMENTS = 6;
let source: LiveSource;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-hls-'));
  source = await startLiveSource({ hls: { secondsPerSegment: 1, windowSegments: WINDOW_SEGMENTS } });
  await source.hlsReady(4);
});

afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

function specOf(resumeAfter?: ResumePoint): ReaderSpec {
  return { url: source.urls.hls, format: 'hls', ...(resumeAfter === undefined ? {} : { resumeAfter }) };
}

function lastSegment(events: readonly ReaderEvent[]): ResumePoint {
  const last = eventsOf(events, 'hls-segment').at(-1);
  if (last === undefined) throw new Error('no segment was fed');
  return { sequence: last.sequence, uri: last.uri };
}

/** Runs the reader until it has fed this many segments, then asks it to stop. */
async function readSegments(count: number, resumeAfter?: ResumePoint): Promise<ReaderResult> {
  const reader = await startReader(specOf(resumeAfter));
  await until(() => eventsOf(reader.events, 'hls-segment').length >= count);
  reader.child.kill('SIGTERM');
  return reader.ended;
}

async function numbersOf(...media: readonly Buffer[]): Promise<number[]> {
  const file = join(folder, 'joined.ts');
  await writeFile(file, Buffer.concat(media));
  return readFrameNumbers(file);
}

function consecutive(numbers: readonly number[]): number[] {
  return numbers.map((_, index) => (numbers[0] ?? 0) + index);
}

describe('a live HLS show', () => {
  it('is entered three segments from the end and ends as stopped with whole segments', async () => {
    const { status, events, end, media } = await readSegments(4);
    expect(status).toBe(0);
    expect(end.reason).toBe('stopped');
    const segments = eventsOf(events, 'hls-segment');
    const numbers = await numbersOf(media);
    expect(numbers).toEqual(consecutive(numbers));
    expect(numbers).toHaveLength(segments.length * FRAMES_PER_SECOND);
    expect(segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(media.length);
    expect(segments.every(({ videoFrames }) => videoFrames === FRAMES_PER_SECOND)).toBe(true);
  });

  it('loses and doubles no picture over an outage shorter than the window', async () => {
    const reader = await startReader(specOf());
    await until(() => eventsOf(reader.events, 'hls-segment').length >= 4);
    const outage = source.refuse(2_500);
    const first = await reader.ended;
    expect(first.status).toBe(1);
    expect(first.end.reason).toBe('error');
    expect(['ECONNREFUSED', 'ECONNRESET']).toContain(first.end.errorCode);
    await outage;
    const second = await readSegments(5, lastSegment(first.events));
    expect(eventsOf(second.events, 'skipped')).toEqual([]);
    const numbers = await numbersOf(first.media, second.media);
    expect(numbers).toEqual(consecutive(numbers));
  });

  it('feeds nothing of a segment whose connection broke off, and the next run takes it up', async () => {
    const reader = await startReader(specOf());
    await until(() => eventsOf(reader.events, 'hls-segment').length >= 3);
    source.failNext('rst-body', { path: /segment/ });
    const first = await reader.ended;
    expect(first.end.reason).toBe('error');
    expect(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']).toContain(first.end.errorCode);
    const fed = eventsOf(first.events, 'hls-segment');
    expect(first.media).toHaveLength(fed.reduce((sum, { bytes }) => sum + bytes, 0));
    const second = await readSegments(2, lastSegment(first.events));
    const numbers = await numbersOf(first.media, second.media);
    expect(numbers).toEqual(consecutive(numbers));
  });

  it('reports exactly what it lost over an outage longer than the window', async () => {
    const first = await readSegments(3);
    const before = lastSegment(first.events).sequence;
    const outageMs = (WINDOW_SEGMENTS + 3) * 1_000;
    await source.refuse(outageMs);
    const second = await readSegments(3, lastSegment(first.events));
    const [skipped, ...more] = eventsOf(second.events, 'skipped');
    const resumed = eventsOf(second.events, 'hls-segment')[0]?.sequence ?? 0;
    expect(more).toEqual([]);
    expect(skipped).toMatchObject({ from: before + 1, to: resumed - 1 });
    const missing = missingFrames(await numbersOf(first.media, second.media));
    const lost = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    expect(lost).toBe((resumed - before - 1) * FRAMES_PER_SECOND);
  });

  it.each([
    ['http-503', 1, { httpStatus: 503 }],
    // The first may be a kept connection that died, which says nothing: it is tried afresh once.
    ['mid-header', 2, { errorCode: 'ECONNRESET' }],
  ] as const)('ends with the facts when a playlist request fails by %s', async (kind, count, facts) => {
    const reader = await startReader(specOf());
    await until(() => eventsOf(reader.events, 'hls-segment').length >= 3);
    source.failNext(kind, { count, path: /index/ });
    const { end } = await reader.ended;
    expect(end).toMatchObject({ reason: 'error', ...facts });
  });

  it('ends when the numbering begins anew, and the next run enters the new show at its live edge', async () => {
    const reader = await startReader(specOf());
    await until(() => eventsOf(reader.events, 'hls-segment').length >= 3);
    source.restartHls();
    const first = await reader.ended;
    expect(first.end).toMatchObject({ reason: 'error', errorCode: 'PLAYLIST_RESTART' });
    await source.hlsReady(3);
    const second = await readSegments(2, lastSegment(first.events));
    expect(eventsOf(second.events, 'skipped')).toEqual([]);
    expect(eventsOf(second.events, 'hls-segment')[0]?.uri).toContain('again');
  });

  it('ends with endlist when the show is over, everything fed', async () => {
    const reader = await startReader(specOf());
    await until(() => eventsOf(reader.events, 'hls-segment').length >= 3);
    source.endShow();
    const { status, end } = await reader.ended;
    expect(status).toBe(0);
    expect(end.reason).toBe('endlist');
  });
});
