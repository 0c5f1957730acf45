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

/**
 * Time left, judged by the time it took so far. Null while that would be a mere guess.
 * @param fromPercent where the work stood when that time began
 */
export function remainingOf(elapsedMs: number, percent: number | null, fromPercent = 0): number | null {
  if (percent === null || percent - fromPercent < GUESS_FROM_PERCENT || elapsedMs <= 0) return null;
  return Math.round((elapsedMs * (100 - percent)) / (percent - fromPercent));
}

/** Steps of a job that are made: how long they took, and what they weigh. */
export interface WorkDone {
  readonly ms: number;
  readonly weight: number;
}

export const NO_WORK_DONE: WorkDone = { ms: 0, weight: 0 };

/** What a step says of itself as progress of its job. */
export function jobProgress(
  steps: readonly Pick<StepPlan, 'name' | 'weight'>[],
  step: string,
  progress: StepProgress,
  before: WorkDone,
): JobProgress {
  return {
    percent: jobPercent(steps, step, progress.percent),
    step,
    done: progress.done ?? null,
    total: progress.total ?? null,
    unit: progress.unit ?? null,
    rate: progress.rate ?? null,
    remainingMs: jobRemaining(steps, step, progress, before),
    ...(progress.text === undefined ? {} : { text: progress.text }),
  };
}

/** The step itself knows how long it will take; the steps after it take what they weigh against all up to it. */
function jobRemaining(
  steps: readonly Pick<StepPlan, 'name' | 'weight'>[],
  step: string,
  { elapsedMs = 0, remainingMs }: StepProgress,
  before: WorkDone,
): number | null {
  const index = steps.findIndex(({ name }) => name === step);
  const current = steps[index];
  if (current === undefined) return null;
  const usualMs = before.weight === 0 ? null : (before.ms * current.weight) / before.weight;
  const stepMs = remainingMs ?? (usualMs === null ? null : Math.max(0, usualMs - elapsedMs));
  if (stepMs === null) return null;
  const weightAfter = steps.slice(index + 1).reduce((sum, { weight }) => sum + weight, 0);
  const msPerWeight = (before.ms + elapsedMs + stepMs) / (before.weight + current.weight);
  return Math.round(stepMs + msPerWeight * weightAfter);
}
