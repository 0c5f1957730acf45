import { remainingOf } from '../../core/jobs/progress.js';
import type { StepProgress } from '../../core/jobs/step.js';

/** How fast a figure grows, judged at the instants at which it has grown: between them nothing new is known. */
class Course {
  readonly #first: { readonly value: number; readonly atMs: number };
  #last: { readonly value: number; readonly atMs: number };
  #changes = 0;

  constructor(value: number, atMs: number) {
    this.#first = { value, atMs };
    this.#last = this.#first;
  }

  /** @returns False when the figure has begun anew. */
  take(value: number, atMs: number): boolean {
    if (value < this.#last.value) return false;
    if (value === this.#last.value) return true;
    this.#last = { value, atMs };
    this.#changes += 1;
    return true;
  }

  get perSecond(): number | null {
    const ms = this.#last.atMs - this.#first.atMs;
    return ms <= 0 ? null : (1_000 * (this.#last.value - this.#first.value)) / ms;
  }

  /** Time until 100. A change that is overdue is expected at any moment. */
  remainingMs(nowMs: number): number | null {
    const grownMs = this.#last.atMs - this.#first.atMs;
    const leftMs = remainingOf(grownMs, this.#last.value, this.#first.value);
    if (leftMs === null) return null;
    const sinceMs = Math.min(nowMs - this.#last.atMs, grownMs / this.#changes);
    return Math.max(0, Math.round(leftMs - sinceMs));
  }
}

/** Adds to what a step tells how fast it is and how long it will take. One for each attempt: what was made before says nothing about it. */
export class Pace {
  readonly #beganMs: number;
  #unit: string | undefined;
  #done: Course | null = null;
  #percent: Course | null = null;

  constructor(nowMs: number) {
    this.#beganMs = nowMs;
  }

  judge(progress: StepProgress, nowMs: number): StepProgress {
    const { done, unit, percent } = progress;
    if (unit !== this.#unit) this.#done = null;
    this.#unit = unit;
    this.#done = unit === undefined || done === undefined ? null : grown(this.#done, done, nowMs);
    if (percent !== null) this.#percent = grown(this.#percent, percent, nowMs);
    return {
      rate: this.#done?.perSecond ?? null,
      remainingMs: this.#percent?.remainingMs(nowMs) ?? null,
      elapsedMs: Math.round(nowMs - this.#beganMs),
      ...progress,
    };
  }
}

function grown(course: Course | null, value: number, atMs: number): Course {
  return course?.take(value, atMs) === true ? course : new Course(value, atMs);
}
