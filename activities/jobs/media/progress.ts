import type { RunProgress } from '../../../core/run.js';
import type { StepProgress } from '../../../core/jobs/step.js';

/** How far a work on media is, in seconds of it. `doneBeforeMs` is what other runs of the same step have done. */
export function mediaProgress(
  { outTimeMs, speed }: Pick<RunProgress, 'outTimeMs' | 'speed'>,
  { totalMs, doneBeforeMs = 0 }: { readonly totalMs: number; readonly doneBeforeMs?: number },
): StepProgress {
  const doneMs = Math.min(totalMs, doneBeforeMs + Math.max(0, outTimeMs));
  const rate = speed > 0 ? speed : null;
  return {
    percent: totalMs > 0 ? (100 * doneMs) / totalMs : null,
    done: Math.round(doneMs / 1_000),
    total: Math.round(totalMs / 1_000),
    unit: 'seconds',
    rate,
    remainingMs: rate === null ? null : Math.round((totalMs - doneMs) / rate),
  };
}
