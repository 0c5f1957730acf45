import type { Coverage } from './coverage.js';
import { clip, lengthOf } from './intervals.js';

/** What a slice of time holds. */
export type BarCell = 'full' | 'partial' | 'gap';

/** One character for each kind of cell; they differ without colours. */
export const BAR_CHARACTERS: Readonly<Record<BarCell, string>> = { full: '█', partial: '▒', gap: '·' };

/** Rounding of instants to milliseconds must not make a full slice partial. */
const ROUNDING_MS = 2;

/** Divides the time of a coverage into `width` slices of the same length; even a short hole makes its slice partial. */
export function barOf(coverage: Coverage, width: number): BarCell[] {
  const sliceMs = (coverage.toMs - coverage.fromMs) / width;
  return Array.from({ length: width }, (_, index) => {
    const fromMs = coverage.fromMs + index * sliceMs;
    const recordedMs = lengthOf(clip(coverage.recorded, { fromMs, toMs: fromMs + sliceMs }));
    if (recordedMs >= sliceMs - Math.min(ROUNDING_MS, sliceMs / 2)) return 'full';
    return recordedMs > 0 ? 'partial' : 'gap';
  });
}
