import type { Chapter } from '../media/chapters.js';
import type { PartGroup } from '../media/timeline.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';

/** What the survey found, for the steps after it. */
export interface ClipPlan {
  readonly recording: string;
  /** Folder of the segments. */
  readonly folder: string;
  readonly files: readonly PlannedClip[];
}

/** An MP4 that is to be made. */
export interface PlannedClip {
  readonly name: string;
  readonly group: PartGroup;
  /** Join time of the first picture, and of the first instant that does not belong to the clip. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Join time from which on everything is copied: when the first picture has to be decoded. 0 leaves nothing out. */
  readonly copyFromMs: number;
  /** Packets of each audio stream before that. */
  readonly soundNotCopied: readonly number[];
  readonly kind: 'video' | 'audio';
  readonly frames: number;
  readonly lengthMs: number;
  /** When its first picture came in. */
  readonly startMs: number;
  readonly comment: string;
  readonly chapters: readonly Chapter[];
}

const PLAN_KEY = 'plan';

export async function savePlan(context: StepContext, plan: ClipPlan): Promise<void> {
  await context.save(PLAN_KEY, plan);
}

/** @throws {StepFailure} when the survey is gone */
export async function loadPlan(context: StepContext): Promise<ClipPlan> {
  const plan = await context.load<ClipPlan>(PLAN_KEY);
  if (plan !== undefined) return plan;
  throw new StepFailure('unknown', 'what the survey found is gone: start the job again', false);
}
