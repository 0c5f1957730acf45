import { clip, clipOne, lengthOf, subtract, unionOf, type Interval } from './intervals.js';
import type { Manifest, SegmentLine } from './line.js';

/** Time that is missing, and why. */
export interface Gap extends Interval {
  /** Null when the manifest does not explain the hole. */
  readonly cause: string | null;
  readonly evidence: string;
}

/** What of a stretch of time is recorded. `recorded`, `removed` and `gaps` tile the time from `fromMs` to `toMs`. */
export interface Coverage extends Interval {
  readonly recorded: readonly Interval[];
  /** Was recorded, and removed as a retention setting says. */
  readonly removed: readonly Interval[];
  readonly gaps: readonly Gap[];
  readonly recordedMs: number;
  readonly removedMs: number;
  readonly missingMs: number;
  /** Share of the time that is not missing, removed or not, 0 to 100; 100 when there is no time. */
  readonly percent: number;
  /** Segments that have not been removed, and what is in them. */
  readonly segments: number;
  readonly frames: number;
  readonly bytes: number;
}

export interface CoverageRange {
  /** Leave out what was before. */
  readonly sinceMs?: number;
  /** Count up to here even if the manifest ends sooner. */
  readonly untilMs?: number;
}

/**
 * Reckons what is recorded, from the first line (or `sinceMs`) to the last one (or `untilMs`). A gap line outranks a segment that spans
 * it: a file goes on after its source has paused. Null when there is nothing in that range.
 */
export function coverageOf(manifest: Manifest, range: CoverageRange = {}): Coverage | null {
  const bounds = boundsOf(manifest, range);
  if (bounds === null) return null;
  const removedFiles = new Set(manifest.removed.map(({ file }) => file));
  const kept = manifest.segments.filter(({ file }) => !removedFiles.has(file));
  const gone = manifest.segments.filter(({ file }) => removedFiles.has(file));
  const explained = explainedGaps(manifest, bounds);
  const recorded = subtract(clip(kept.map(spanOf), bounds), explained);
  const removed = subtract(clip(gone.map(spanOf), bounds), [...explained, ...recorded]);
  const unexplained = subtract([bounds], [...recorded, ...removed, ...explained]);
  const inRange = kept.filter(
    (line) => Date.parse(line.end) > bounds.fromMs && Date.parse(line.start) < bounds.toMs,
  );
  const recordedMs = lengthOf(recorded);
  const removedMs = lengthOf(removed);
  const totalMs = bounds.toMs - bounds.fromMs;
  const missingMs = totalMs - recordedMs - removedMs;
  return {
    ...bounds,
    recorded,
    removed,
    gaps: [
      ...explained,
      ...unexplained.map((hole) => ({ ...hole, cause: null, evidence: 'the manifest does not say why' })),
    ].sort((a, b) => a.fromMs - b.fromMs),
    recordedMs,
    removedMs,
    missingMs,
    percent: totalMs === 0 ? 100 : (100 * (totalMs - missingMs)) / totalMs,
    segments: inRange.length,
    frames: inRange.reduce((sum, line) => sum + line.frames, 0),
    bytes: inRange.reduce((sum, line) => sum + line.bytes, 0),
  };
}

function spanOf(line: SegmentLine): Interval {
  return { fromMs: Date.parse(line.start), toMs: Date.parse(line.end) };
}

/** Gap lines within the bounds, each hole once: where lines overlap, the earlier one explains the time. */
function explainedGaps(manifest: Manifest, bounds: Interval): Gap[] {
  const gaps: Gap[] = [];
  const lines = manifest.gaps
    .map((line) => ({
      fromMs: Date.parse(line.from),
      toMs: Date.parse(line.to),
      cause: line.cause,
      evidence: line.evidence,
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
  let explainedToMs = bounds.fromMs;
  for (const line of lines) {
    const part = clipOne(line, { fromMs: explainedToMs, toMs: bounds.toMs });
    if (part.toMs <= part.fromMs) continue;
    gaps.push({ ...line, ...part });
    explainedToMs = part.toMs;
  }
  return gaps;
}

function boundsOf(manifest: Manifest, range: CoverageRange): Interval | null {
  const all = unionOf([
    ...manifest.segments.map(spanOf),
    ...manifest.gaps.map((line) => ({ fromMs: Date.parse(line.from), toMs: Date.parse(line.to) })),
  ]);
  const first = all[0];
  const last = all.at(-1);
  if (first === undefined || last === undefined) return null;
  const fromMs = range.sinceMs ?? first.fromMs;
  const toMs = range.untilMs ?? last.toMs;
  return toMs > fromMs ? { fromMs, toMs } : null;
}
