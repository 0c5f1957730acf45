import { extname } from 'node:path';
import { CLOCK_PERIOD_MS } from '../../recording/measurement.js';
import { mediaLengthMs, type Part } from './part.js';

/** A part with its place in a joined file. Join time is the time in that file. */
export interface PlacedPart {
  readonly part: Part;
  /** Join time of the file's earliest instant. */
  readonly placeMs: number;
  /** Join time from this file's earliest instant to the next one's; null for the last. */
  readonly stepMs: number | null;
  /** True where its time goes on in the next file. */
  readonly isContinued: boolean;
}

/** Parts that make one file together. */
export interface PartGroup {
  readonly parts: readonly PlacedPart[];
  /** From the first picture to the end of the last one. Where media was lost inside a segment, the picture stands still for that long. */
  readonly lengthMs: number;
  /** Time in it in which there is no media. */
  readonly holesMs: number;
}

/** Time that goes on from one file to the next may step back by rounding and late packets, but not by more. */
const STEP_BACK_MAX_MS = 100;
/** The manifest tells instants in whole milliseconds. */
const ROUNDING_MS = 1;
/** A larger step forward is missing media and not part of the joined file. */
const STEP_FORWARD_MAX_MS = 1_000;

/** Joins parts that have a layout in common and follow each other; a change of it begins another file. */
export function groupParts(parts: readonly Part[]): PartGroup[] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.layout === part.layout) last.push(part);
    else groups.push([part]);
  }
  return groups.map(placeParts);
}

/**
 * Places the files of one group in a row. Where a run ends and another begins, pictures follow each other at once: whoever writes the file
 * leaves out the sound that has none.
 */
export function placeParts(parts: readonly Part[]): PartGroup {
  const placed: PlacedPart[] = [];
  const [opening] = parts;
  let placeMs = opening === undefined ? 0 : opening.fileStartMs - opening.fromMs;
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    const continuedMs = next === undefined ? null : continuedStep(part, next);
    const stepMs = next === undefined ? null : (continuedMs ?? pictureStep(part, next));
    placed.push({ part, placeMs, stepMs, isContinued: continuedMs !== null });
    placeMs += stepMs ?? 0;
  }
  const [first, last] = [placed[0], placed.at(-1)];
  const lengthMs =
    first === undefined || last === undefined
      ? 0
      : joinTime(last, last.part.toMs) - joinTime(first, first.part.fromMs);
  const holesMs = parts.reduce((sum, part) => sum + holesBefore(part, part.toMs), 0);
  return { parts: placed, lengthMs, holesMs };
}

/** Join time of an instant of a file. */
export function joinTime({ part, placeMs }: PlacedPart, fileTimeMs: number): number {
  return placeMs + fileTimeMs - part.fileStartMs;
}

/** How much media lies before an instant of a file, holes not counted. */
export function mediaUpTo(part: Part, fileTimeMs: number): number {
  return fileTimeMs - part.fromMs - holesBefore(part, fileTimeMs);
}

function holesBefore({ holes }: Part, fileTimeMs: number): number {
  return holes.reduce((sum, hole) => sum + Math.max(0, Math.min(fileTimeMs, hole.toMs) - hole.fromMs), 0);
}

/** File time of the picture that comes this long after the first one, holes not counted; never outside of the file. */
export function fileTimeAt(part: Part, mediaMs: number): number {
  let fileTimeMs = part.fromMs + Math.max(0, Math.min(mediaMs, mediaLengthMs(part)));
  for (const hole of part.holes) {
    if (fileTimeMs >= hole.fromMs - ROUNDING_MS) fileTimeMs += hole.toMs - hole.fromMs;
  }
  return fileTimeMs;
}

/** From the earliest instant of a file to that of the next one, where time goes on between them. */
function continuedStep(part: Part, next: Part): number | null {
  // Every file counts from zero: the pictures of one run follow each other without a break.
  if (isReset(part)) return part.line.run === next.line.run ? pictureStep(part, next) : null;
  return nextStartInTimeOf(part, next);
}

/** The first picture of the next file follows the last one of this. */
function pictureStep(part: Part, next: Part): number {
  return part.toMs - part.fileStartMs - (next.fromMs - next.fileStartMs);
}

/** Where the source's own time goes on from file to file it says best where they belong; null where it does not. */
function nextStartInTimeOf(part: Part, next: Part): number | null {
  const turns = Math.round((part.toMs - next.fromMs) / CLOCK_PERIOD_MS);
  const nextFromMs = next.fromMs + turns * CLOCK_PERIOD_MS;
  const breakMs = nextFromMs - part.toMs;
  if (breakMs < -STEP_BACK_MAX_MS || breakMs >= STEP_FORWARD_MAX_MS) return null;
  return next.fileStartMs + turns * CLOCK_PERIOD_MS - part.fileStartMs;
}

/** Only MPEG-TS keeps the time of the source; the other containers begin every file at zero. */
function isReset({ line }: Part): boolean {
  return extname(line.file) !== '.ts';
}
