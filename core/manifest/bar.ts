import type { Coverage } from './coverage.js';
import { clip, lengthOf } from './intervals.js';

/** What a slice of time holds. */
export type BarCell = 'full' | 'partial' | 'removed' | 'gap';

/** One character for each kind of cell; they differ without colours. */
export const BAR_CHARACTERS: Readonly<Record<BarCell, string>> = {
  full: '█',
  partial: '▒',
  removed: '░',
  gap: '·',
};

/** Rounding of instants to milliseconds must not make a full slice partial. */
const ROUNDING_MS = 2;

/** Divides the time of a coverage into `width` slices of the same length; even a short hole makes its slice partial, on disk or removed. */
export function barOf(coverage: Coverage, width: number): BarCell[] {
  const sliceMs = (coverage.toMs - coverage.fromMs) / width;
  return Array.from({ length: width }, (_, index) => {
    const fromMs = coverage.fromMs + index * sliceMs;
    const slice = { fromMs, toMs: fromMs + sliceMs };
    const recordedMs = lengthOf(clip(coverage.recorded, slice));
    const removedMs = lengthOf(clip(coverage.removed, slice));
    const isComplete = recordedMs + removedMs >= sliceMs - Math.min(ROUNDING_MS, sliceMs / 2);
    if (isComplete) return recordedMs >= removedMs ? 'full' : 'removed';
    return recordedMs + removedMs > 0 ? 'partial' : 'gap';
  });
}
