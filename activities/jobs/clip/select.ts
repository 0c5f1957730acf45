import type { Part } from '../media/part.js';
import { fileTimeAt } from '../media/timeline.js';
import { mediaBefore, type MissingTime } from '../media/wall-clock.js';
import type { PictureTimes } from './pictures.js';

/** A part with the times of its pictures and of its sound. */
export interface SeenPart {
  readonly part: Part;
  readonly pictures: PictureTimes;
  /** When each packet of each audio stream beside the pictures begins. */
  readonly soundMs: readonly (readonly number[])[];
}

/** What of a part belongs to a clip, in the file's own time. */
export interface Selected extends SeenPart {
  /** The first picture, and the first instant that does not belong to it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Pictures between them. */
  readonly frames: number;
}

export interface Selection {
  readonly fromMs: number;
  readonly toMs: number;
  /** Begin at the key frame at or before the start in place of the picture there. */
  readonly atKeyFrame: boolean;
}

/** The manifest tells instants in whole milliseconds: a picture so close to one is meant by it. */
const ROUNDING_MS = 1;

/** Selects what came in between two instants; parts without a picture in there are left out. */
export function selectParts(
  seen: readonly SeenPart[],
  missing: readonly MissingTime[],
  { fromMs, toMs, atKeyFrame }: Selection,
): Selected[] {
  const fileTime = ({ part }: SeenPart, instantMs: number) =>
    fileTimeAt(part, mediaBefore(part.line, missing, instantMs));
  const selected = seen.flatMap((one): Selected[] => {
    const { line } = one.part;
    const startMs = Date.parse(line.start) >= fromMs ? Number.NEGATIVE_INFINITY : fileTime(one, fromMs);
    const endMs = Date.parse(line.end) <= toMs ? Number.POSITIVE_INFINITY : fileTime(one, toMs);
    return within(one, startMs, endMs);
  });
  const first = selected[0];
  if (first === undefined || !atKeyFrame || Date.parse(first.part.line.start) >= fromMs) return selected;
  return [...fromKeyFrame(first, fileTime(first, fromMs)), ...selected.slice(1)];
}

function within(one: SeenPart, startMs: number, endMs: number): Selected[] {
  const chosen = one.pictures.allMs.filter(
    (atMs) => atMs >= startMs - ROUNDING_MS && atMs < endMs - ROUNDING_MS,
  );
  const [first] = chosen;
  if (first === undefined) return [];
  return [{ ...one, fromMs: first, toMs: Math.min(endMs, one.part.toMs), frames: chosen.length }];
}

/** What lies before a key frame cannot be copied; a recording begins with one. */
function fromKeyFrame(first: Selected, startMs: number): Selected[] {
  const { keys } = first.pictures;
  const key = keys.findLast(({ atMs }) => atMs <= startMs + ROUNDING_MS) ?? keys[0];
  return key === undefined ? [] : within(first, key.atMs, first.toMs);
}
