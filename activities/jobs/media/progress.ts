import { counted, type StepProgress } from '../../../core/jobs/step.js';

/** How far a work on media is, in seconds of it. `doneBeforeMs` is what other runs of the same step have done. */
export function mediaProgress(
  outTimeMs: number,
  { totalMs, doneBeforeMs = 0 }: { readonly totalMs: number; readonly doneBeforeMs?: number },
): StepProgress {
  const doneMs = Math.min(totalMs, doneBeforeMs + Math.max(0, outTimeMs));
  return {
    ...counted(Math.round(doneMs / 1_000), Math.round(totalMs / 1_000), 'seconds'),
    percent: totalMs > 0 ? (100 * doneMs) / totalMs : null,
  };
}
