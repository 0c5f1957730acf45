import type { JobProgress } from './events.js';
import type { StepPlan } from './kinds.js';
import type { StepProgress } from './step.js';

/** Earlier than this, a guess at the time left would be worth nothing. */
const GUESS_FROM_PERCENT = 2;

/** Percent of the whole job when so much of a step is done. Null when the job has no such step. */
export function jobPercent(
  steps: readonly Pick<StepPlan, 'name' | 'weight'>[],
  step: string,
  stepPercent: number | null,
): number | null {
  const index = steps.findIndex(({ name }) => name === step);
  const current = steps[index];
  if (current === undefined) return null;
  const sum = (list: typeof steps) => list.reduce((total, { weight }) => total + weight, 0);
  const share = Math.min(100, Math.max(0, stepPercent ?? 0)) / 100;
  const done = sum(steps.slice(0, index)) + current.weight * share;
  return Math.round((done / sum(steps)) * 1_000) / 10;
}

/** Time left of the whole job, judged by the time it took so far. Null while that would be a mere guess. */
export function remainingOf(elapsedMs: number, percent: number | null): number | null {
  if (percent === null || percent < GUESS_FROM_PERCENT || elapsedMs <= 0) return null;
  return Math.round((elapsedMs * (100 - percent)) / percent);
}

/** What a step says of itself as progress of its job. */
export function jobProgress(
  steps: readonly Pick<StepPlan, 'name' | 'weight'>[],
  step: string,
  progress: StepProgress,
  elapsedMs: number,
): JobProgress {
  const percent = jobPercent(steps, step, progress.percent);
  const isLast = steps.at(-1)?.name === step;
  return {
    percent,
    step,
    done: progress.done ?? null,
    total: progress.total ?? null,
    unit: progress.unit ?? null,
    rate: progress.rate ?? null,
    // Only the last step's own word is about the end of the job.
    remainingMs: (isLast ? progress.remainingMs : null) ?? remainingOf(elapsedMs, percent),
    ...(progress.text === undefined ? {} : { text: progress.text }),
  };
}
