import type { ResumePoint } from '../spec.js';
import type { MediaPlaylist, MediaSegment } from './media-playlist.js';

/** Where a reader stands in a playlist. */
export interface Position {
  /** Number of the next segment to feed. */
  readonly next: number;
  /** The segment before it, as far as one was recorded. */
  readonly last: ResumePoint | null;
}

/** What to do with one state of the playlist. */
export interface Plan {
  /** Segments to feed, in order. */
  readonly segments: readonly MediaSegment[];
  /** Numbers that are lost, as closed ranges in order. */
  readonly skipped: readonly { readonly from: number; readonly to: number }[];
  /** The numbering began anew, or the number now names another segment. */
  readonly restarted: boolean;
}

/** Caches may serve a playlist that is a little older than the one before: that is no restart. */
const STALE_SEGMENTS_MAX = 3;
const MIN_RELOAD_DELAY_MS = 100;

/** The identity of a segment across runs: its number, path and, where known, date. */
export function resumePointOf(segment: MediaSegment): ResumePoint {
  const { sequence, url, programDateTimeMs } = segment;
  return {
    sequence,
    uri: new URL(url).pathname,
    ...(programDateTimeMs === null ? {} : { programDateTime: new Date(programDateTimeMs).toISOString() }),
  };
}

/**
 * Decides where to enter a playlist: behind the recorded segment while that is the same show, otherwise at the live
 * edge. A playlist that has ended is read from its beginning. Null while it lists nothing.
 */
export function enterPlaylist(
  playlist: MediaPlaylist,
  resumeAfter: ResumePoint | null,
  liveEdgeSegments: number,
): Position | null {
  const first = playlist.segments[0];
  const newest = playlist.segments.at(-1);
  if (first === undefined || newest === undefined) return null;
  if (resumeAfter !== null && continues(playlist, resumeAfter, newest)) {
    return { next: resumeAfter.sequence + 1, last: resumeAfter };
  }
  if (playlist.endList) return { next: first.sequence, last: null };
  const edge = Math.max(1, Math.floor(liveEdgeSegments));
  return { next: Math.max(first.sequence, newest.sequence - edge + 1), last: null };
}

/** Decides what a playlist brings to a reader at `position`. */
export function planSegments(playlist: MediaPlaylist, position: Position): Plan {
  const nothing = { segments: [], skipped: [], restarted: false };
  const first = playlist.segments[0];
  const newest = playlist.segments.at(-1);
  if (first === undefined || newest === undefined) return nothing;
  if (isRestarted(playlist, position, newest)) return { ...nothing, restarted: true };
  const due = playlist.segments.filter((segment) => segment.sequence >= position.next);
  const lost = due.filter((segment) => segment.gap).map((segment) => segment.sequence);
  const skipped = lost.map((sequence) => ({ from: sequence, to: sequence }));
  if (first.sequence > position.next) skipped.unshift({ from: position.next, to: first.sequence - 1 });
  return {
    segments: due.filter((segment) => !segment.gap),
    skipped: joinRanges(skipped),
    restarted: false,
  };
}

/** The position once everything a playlist lists has been dealt with, fed or skipped. */
export function positionAfter(playlist: MediaPlaylist, position: Position): Position {
  const newest = playlist.segments.at(-1)?.sequence ?? -1;
  return { ...position, next: Math.max(position.next, newest + 1) };
}

/** RFC 8216, 6.3.4: one target duration after a change, half of it otherwise, counted from the last request. */
export function reloadDelayMs(playlist: MediaPlaylist, changed: boolean, sinceRequestMs: number): number {
  const intervalMs = changed ? playlist.targetDurationMs : playlist.targetDurationMs / 2;
  return Math.max(MIN_RELOAD_DELAY_MS, Math.round(intervalMs - sinceRequestMs));
}

/** The playlist is the one the recorded segment came from, as far as can be told. */
function continues(playlist: MediaPlaylist, recorded: ResumePoint, newest: MediaSegment): boolean {
  const listed = playlist.segments.find((segment) => segment.sequence === recorded.sequence);
  if (listed !== undefined) return isSameSegment(recorded, listed);
  const behind = recorded.sequence - newest.sequence;
  if (behind <= 0) return true;
  return behind <= STALE_SEGMENTS_MAX && !isLaterThan(newest, recorded);
}

function isRestarted(playlist: MediaPlaylist, position: Position, newest: MediaSegment): boolean {
  if (newest.sequence < position.next - 1 - STALE_SEGMENTS_MAX) return true;
  const { last } = position;
  if (last === null) return false;
  const listed = playlist.segments.find((segment) => segment.sequence === last.sequence);
  return listed !== undefined && !isSameSegment(last, listed);
}

/**
 * Dates decide where both have one, because a restarted show uses the same names again. Otherwise the name of the file
 * does: a fresh address of the same show often differs in host and folder.
 */
function isSameSegment(recorded: ResumePoint, listed: MediaSegment): boolean {
  const recordedMs = Date.parse(recorded.programDateTime ?? '');
  if (!Number.isNaN(recordedMs) && listed.programDateTimeMs !== null) {
    const toleranceMs = Math.max(listed.durationMs / 2, 100);
    return Math.abs(recordedMs - listed.programDateTimeMs) <= toleranceMs;
  }
  return fileNameOf(recorded.uri) === fileNameOf(new URL(listed.url).pathname);
}

function isLaterThan(segment: MediaSegment, recorded: ResumePoint): boolean {
  const recordedMs = Date.parse(recorded.programDateTime ?? '');
  return segment.programDateTimeMs !== null && segment.programDateTimeMs > recordedMs;
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function joinRanges(ranges: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = [];
  for (const range of ranges) {
    const previous = joined.at(-1);
    if (previous !== undefined && previous.to + 1 === range.from) previous.to = range.to;
    else joined.push({ ...range });
  }
  return joined;
}
