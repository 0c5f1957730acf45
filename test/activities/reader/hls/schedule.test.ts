/**
 * Goal: over any number of runs every segment is fed exactly once or reported as skipped. Method: the pure rules on
 * plain playlists, and a property over random windows, outages and restarts of the reader.
 */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { MediaPlaylist, MediaSegment } from '../../../../activities/reader/hls/media-playlist.js';
import {
  enterPlaylist,
  planSegments,
  positionAfter,
  reloadDelayMs,
  resumePointOf,
  type Position,
} from '../../../../activities/reader/hls/schedule.js';
import type { ResumePoint } from '../../../../activities/reader/spec.js';

interface WindowOptions {
  readonly prefix?: string;
  readonly startMs?: number;
  readonly gaps?: readonly number[];
  readonly endList?: boolean;
}

function playlistOf(first: number, last: number, options: WindowOptions = {}): MediaPlaylist {
  const segments: MediaSegment[] = [];
  for (let sequence = first; sequence <= last; sequence += 1) {
    segments.push({
      sequence,
      url: `http://cdn.example/${options.prefix ?? 'show'}-${sequence}.ts?token=1`,
      durationMs: 2_000,
      discontinuity: false,
      gap: options.gaps?.includes(sequence) ?? false,
      programDateTimeMs: options.startMs === undefined ? null : options.startMs + sequence * 2_000,
      byteRange: null,
      key: null,
      init: null,
    });
  }
  const endList = options.endList ?? false;
  return { kind: 'media', targetDurationMs: 2_000, mediaSequence: first, endList, segments };
}

function recorded(sequence: number, options: WindowOptions = {}): ResumePoint {
  const [segment] = playlistOf(sequence, sequence, options).segments;
  if (segment === undefined) throw new Error('no segment');
  return resumePointOf(segment);
}

function sequencesOf(playlist: MediaPlaylist, position: Position | null): number[] {
  return position === null ? [] : planSegments(playlist, position).segments.map(({ sequence }) => sequence);
}

describe('enterPlaylist', () => {
  it('begins three segments from the end of a live playlist', () => {
    const playlist = playlistOf(10, 15);
    expect(sequencesOf(playlist, enterPlaylist(playlist, null, 3))).toEqual([13, 14, 15]);
  });

  it('begins at the beginning when fewer are listed or the show is over', () => {
    const short = playlistOf(0, 1);
    expect(sequencesOf(short, enterPlaylist(short, null, 3))).toEqual([0, 1]);
    const over = playlistOf(10, 15, { endList: true });
    expect(sequencesOf(over, enterPlaylist(over, null, 3))).toHaveLength(6);
  });

  it('waits while nothing is listed', () => {
    expect(enterPlaylist(playlistOf(5, 4), recorded(3), 3)).toBeNull();
  });

  it('goes on behind the recorded segment', () => {
    const playlist = playlistOf(10, 15);
    expect(sequencesOf(playlist, enterPlaylist(playlist, recorded(11), 3))).toEqual([12, 13, 14, 15]);
    expect(sequencesOf(playlist, enterPlaylist(playlist, recorded(15), 3))).toEqual([]);
  });

  it('reports what the playlist no longer holds and takes the oldest it has', () => {
    const playlist = playlistOf(10, 12);
    const position = enterPlaylist(playlist, recorded(6), 1);
    expect(position && planSegments(playlist, position).skipped).toEqual([{ from: 7, to: 9 }]);
    expect(sequencesOf(playlist, position)).toEqual([10, 11, 12]);
  });

  it('knows the segment again when a fresh address has another host and folder', () => {
    const playlist = playlistOf(10, 15);
    const elsewhere = { sequence: 12, uri: '/token-77/edge/show-12.ts' };
    expect(sequencesOf(playlist, enterPlaylist(playlist, elsewhere, 3))).toEqual([13, 14, 15]);
  });

  it.each([
    ['the number names another file', playlistOf(10, 15, { prefix: 'next' }), recorded(12)],
    ['the numbers are lower', playlistOf(0, 5), recorded(100)],
    [
      'the date of the segment is another',
      playlistOf(10, 15, { startMs: 9_000_000 }),
      recorded(12, { startMs: 0 }),
    ],
    [
      'newer media has a lower number',
      playlistOf(8, 11, { startMs: 9_000_000 }),
      recorded(12, { startMs: 0 }),
    ],
  ])('enters at the live edge when %s', (_name, playlist, resumeAfter) => {
    expect(sequencesOf(playlist, enterPlaylist(playlist, resumeAfter, 2))).toHaveLength(2);
  });

  it('takes the same date for the same segment, whatever its name', () => {
    const playlist = playlistOf(10, 15, { startMs: 5_000, prefix: 'signed' });
    const position = enterPlaylist(playlist, recorded(12, { startMs: 5_100 }), 1);
    expect(sequencesOf(playlist, position)).toEqual([13, 14, 15]);
  });

  it('waits for a cache that is a little behind instead of feeding segments twice', () => {
    const playlist = playlistOf(8, 13);
    expect(enterPlaylist(playlist, recorded(14), 3)?.next).toBe(15);
    expect(sequencesOf(playlist, enterPlaylist(playlist, recorded(14), 3))).toEqual([]);
  });
});

describe('planSegments', () => {
  it('reports gaps of the server as skipped, joined with what is no longer listed', () => {
    const plan = planSegments(playlistOf(10, 15, { gaps: [10, 13] }), { next: 8, last: recorded(7) });
    expect(plan.skipped).toEqual([
      { from: 8, to: 10 },
      { from: 13, to: 13 },
    ]);
    expect(plan.segments.map(({ sequence }) => sequence)).toEqual([11, 12, 14, 15]);
  });

  it('notices that the numbering began anew', () => {
    expect(planSegments(playlistOf(0, 3), { next: 50, last: recorded(49) }).restarted).toBe(true);
    const sameNumbers = planSegments(playlistOf(48, 52, { prefix: 'next' }), {
      next: 50,
      last: recorded(49),
    });
    expect(sameNumbers.restarted).toBe(true);
  });

  it('does not take a playlist that is one or two segments old for a restart', () => {
    const plan = planSegments(playlistOf(42, 47), { next: 50, last: recorded(49) });
    expect(plan).toEqual({ segments: [], skipped: [], restarted: false });
  });

  it('feeds or reports every segment exactly once over any outages and runs', () => {
    const step = fc.record({ advance: fc.nat({ max: 12 }), newRun: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (steps, windowSize) => {
        let newest = 20;
        let resumeAfter: ResumePoint | null = null;
        let position: Position | null = null;
        const seen: number[] = [];
        for (const { advance, newRun } of steps) {
          newest += advance;
          const playlist = playlistOf(newest - windowSize + 1, newest, { gaps: [newest - 1] });
          if (newRun) position = null;
          position ??= enterPlaylist(playlist, resumeAfter, 3);
          if (position === null) continue;
          const plan = planSegments(playlist, position);
          expect(plan.restarted).toBe(false);
          for (const { from, to } of plan.skipped)
            for (let lost = from; lost <= to; lost += 1) seen.push(lost);
          for (const segment of plan.segments) {
            seen.push(segment.sequence);
            resumeAfter = resumePointOf(segment);
            position = { next: segment.sequence + 1, last: resumeAfter };
          }
          position = positionAfter(playlist, position);
        }
        const fed = [...new Set(seen)].sort((left, right) => left - right);
        expect(fed.map((sequence, index) => sequence - index)).toEqual(fed.map(() => fed[0]));
      }),
    );
  });
});

describe('reloadDelayMs', () => {
  it('is the target duration after a change, half of it otherwise, less what the request took', () => {
    const playlist = playlistOf(1, 2);
    expect(reloadDelayMs(playlist, true, 300)).toBe(1_700);
    expect(reloadDelayMs(playlist, false, 300)).toBe(700);
    expect(reloadDelayMs(playlist, false, 5_000)).toBe(100);
  });
});
