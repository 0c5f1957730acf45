import type { Interval } from './intervals.js';

/**
 * Where a file's media lies on the wall clock. The file's length at known instants says how much media had come in by then; media
 * time plus the smallest delay seen is the instant at which it was live, so bursts, caches and slow starts do no harm.
 */

/** How long a file was at the moment it was last written to. */
export interface WriteSample {
  readonly writtenAtMs: number;
  readonly bytes: number;
}

/** Media of a file: for each picture where it begins in the file and when it ends, in milliseconds from the first one. Both rise. */
export interface MediaIndex {
  readonly positions: readonly number[];
  readonly endsMs: readonly number[];
}

/** Media that is not in the file although time goes on in it. */
export interface MediaHole {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlacementInput {
  readonly samples: readonly WriteSample[];
  readonly index: MediaIndex;
  readonly holes: readonly MediaHole[];
  /** When the media that follows without a break in the next file was live, where that is known. */
  readonly nextStartMs?: number;
}

/** Why time is missing inside a file. */
export interface InnerGap extends Interval {
  /** `paused`: nothing came, and then it went on where it was. `lost`: media time itself jumps. */
  readonly kind: 'paused' | 'lost';
}

export interface Placement extends Interval {
  readonly gaps: readonly InnerGap[];
  /** True when the file ends soon after a pause: a burst in the next file may yet show that there was none. */
  readonly unsettled: boolean;
}

/** A delay that grows by this much and stays is a pause of the source; less is jitter of the network. */
export const PAUSE_MIN_MS = 1_000;
/** After a pause, media must have gone on for this long to be sure that no burst catches up. */
const SETTLE_MS = 10_000;
/** Fewer media than this after a pause, at the end of a file, are what a closing program still had in hand. */
const TRAILER_MS = 1_500;

interface DelayPoint {
  /** Media time up to which the delay holds. */
  readonly mediaMs: number;
  readonly delayMs: number;
}

/** Places a file on the wall clock; null when there is no sample. */
export function placeMedia(input: PlacementInput): Placement | null {
  const mediaEndMs = input.index.endsMs.at(-1) ?? 0;
  const points = settledDelays(input, mediaEndMs);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const steps = stepsOf(points, mediaEndMs);
  const lastStep = steps.at(-1);
  return {
    fromMs: first.delayMs,
    toMs: mediaEndMs + delayAt(points, mediaEndMs),
    gaps: [...steps.map(asPause), ...input.holes.map((hole) => asLoss(hole, points))].sort(
      (a, b) => a.fromMs - b.fromMs,
    ),
    unsettled:
      input.nextStartMs === undefined && lastStep !== undefined && mediaEndMs - lastStep.mediaMs < SETTLE_MS,
  };
}

/** Media time that had been written when the file was `bytes` long. */
export function mediaWritten(index: MediaIndex, bytes: number): number {
  let low = 0;
  let high = index.positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.positions[middle] as number) < bytes) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (index.endsMs[low - 1] as number);
}

/** Delays in order of media time, each the smallest of its own and all later ones: what is caught up later was no pause. */
function settledDelays(input: PlacementInput, mediaEndMs: number): DelayPoint[] {
  const seen: DelayPoint[] = input.samples
    .map((sample) => ({ mediaMs: mediaWritten(input.index, sample.bytes), writtenAtMs: sample.writtenAtMs }))
    .filter((point) => point.mediaMs > 0)
    .map((point) => ({ mediaMs: point.mediaMs, delayMs: point.writtenAtMs - point.mediaMs }));
  if (input.nextStartMs !== undefined) {
    seen.push({ mediaMs: mediaEndMs, delayMs: input.nextStartMs - mediaEndMs });
  }
  seen.sort((a, b) => a.mediaMs - b.mediaMs);
  const settled: DelayPoint[] = [];
  let smallest = Number.POSITIVE_INFINITY;
  for (const point of seen.toReversed()) {
    smallest = Math.min(smallest, point.delayMs);
    settled.push({ mediaMs: point.mediaMs, delayMs: smallest });
  }
  return withoutTrailer(settled.toReversed(), mediaEndMs);
}

/** A jump just before the end is the program's own closing and not the source. */
function withoutTrailer(points: DelayPoint[], mediaEndMs: number): DelayPoint[] {
  const lastStep = stepsOf(points, mediaEndMs).at(-1);
  if (lastStep === undefined || mediaEndMs - lastStep.mediaMs >= TRAILER_MS) return points;
  return points.filter((point) => point.mediaMs <= lastStep.mediaMs);
}

interface Step {
  readonly mediaMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

function stepsOf(points: readonly DelayPoint[], mediaEndMs: number): Step[] {
  const steps: Step[] = [];
  for (let index = 1; index < points.length; index += 1) {
    const before = points[index - 1] as DelayPoint;
    const after = points[index] as DelayPoint;
    if (before.mediaMs >= mediaEndMs || after.delayMs - before.delayMs < PAUSE_MIN_MS) continue;
    steps.push({ mediaMs: before.mediaMs, beforeMs: before.delayMs, afterMs: after.delayMs });
  }
  return steps;
}

function asPause(step: Step): InnerGap {
  return { kind: 'paused', fromMs: step.mediaMs + step.beforeMs, toMs: step.mediaMs + step.afterMs };
}

function asLoss(hole: MediaHole, points: readonly DelayPoint[]): InnerGap {
  return {
    kind: 'lost',
    fromMs: hole.fromMs + delayAt(points, hole.fromMs),
    toMs: hole.toMs + delayAt(points, hole.toMs),
  };
}

function delayAt(points: readonly DelayPoint[], mediaMs: number): number {
  const point = points.find((candidate) => candidate.mediaMs >= mediaMs) ?? points.at(-1);
  return point?.delayMs ?? 0;
}
