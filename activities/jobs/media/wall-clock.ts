import { coverageOf, type Gap, type Manifest } from '../../../core/manifest/index.js';
import type { DamagedPart } from './part.js';

/** What is not in a recording, and why. Instants in milliseconds since 1970. */
export interface MissingTime {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: string;
}

/** Clocks have jitter: what the manifest does not explain has to be longer than this to be a gap. */
const UNEXPLAINED_MIN_MS = 1_000;

/** All time between the first and the last part that none of them covers, in order. */
export function missingTime(manifest: Manifest, damaged: readonly DamagedPart[]): MissingTime[] {
  const unusable = new Set(damaged.map(({ line }) => line.file));
  const used = manifest.segments.filter(({ file }) => !unusable.has(file));
  const coverage = coverageOf({ ...manifest, segments: used });
  if (coverage === null) return [];
  const removed = coverage.removed.map((interval) => ({ ...interval, cause: 'removed' }));
  const gaps = coverage.gaps
    .filter((gap) => gap.cause !== null || gap.toMs - gap.fromMs >= UNEXPLAINED_MIN_MS)
    .map((gap) => ({ fromMs: gap.fromMs, toMs: gap.toMs, cause: causeOf(gap, damaged) }));
  return [...removed, ...gaps].sort((left, right) => left.fromMs - right.fromMs);
}

function causeOf(gap: Gap, damaged: readonly DamagedPart[]): string {
  if (gap.cause !== null) return gap.cause;
  const isDamaged = damaged.some(
    ({ line }) => Date.parse(line.start) < gap.toMs && Date.parse(line.end) > gap.fromMs,
  );
  return isDamaged ? 'damaged segment' : 'not explained';
}

/** How much of a segment's media came in before an instant: its time without the gaps in it. */
export function mediaBefore(
  line: { readonly start: string },
  missing: readonly MissingTime[],
  instantMs: number,
): number {
  const startMs = Date.parse(line.start);
  const missingMs = missing.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.toMs, instantMs) - Math.max(gap.fromMs, startMs)),
    0,
  );
  return Math.max(0, instantMs - startMs - missingMs);
}

/** When the media came in that lies so far behind the start of a segment. `missing` is in order. */
export function instantAfter(
  line: { readonly start: string },
  missing: readonly MissingTime[],
  mediaMs: number,
): number {
  const startMs = Date.parse(line.start);
  return missing
    .filter(({ fromMs }) => fromMs > startMs)
    .reduce(
      (instantMs, gap) => (gap.fromMs < instantMs ? instantMs + gap.toMs - gap.fromMs : instantMs),
      startMs + mediaMs,
    );
}

/** `2026-01-31 12:00:00 UTC`. */
export function inWords(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2026-01-31T12:00:00.040Z`: what has to be exact to the picture. */
export function exactly(instantMs: number): string {
  return new Date(Math.round(instantMs)).toISOString();
}
