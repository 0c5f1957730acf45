import type { SegmentLine } from '../../../core/manifest/index.js';
import { hasVideo } from '../media/part.js';
import type { PartGroup } from '../media/timeline.js';
import type { MissingTime } from '../media/wall-clock.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';

/** What the survey found, for the steps after it. */
export interface FinalizePlan {
  readonly recording: string;
  readonly branch: string;
  /** Folder of the segments. */
  readonly folder: string;
  readonly files: readonly PlannedFile[];
  readonly missing: readonly MissingTime[];
}

/** An MP4 that is to be made. */
export interface PlannedFile {
  readonly name: string;
  readonly group: PartGroup;
  /** Time that the manifest says is recorded in these segments. */
  readonly recordedMs: number;
}

const PLAN_KEY = 'plan';

export async function savePlan(context: StepContext, plan: FinalizePlan): Promise<void> {
  await context.save(PLAN_KEY, plan);
}

/** @throws {StepFailure} when the survey is gone */
export async function loadPlan(context: StepContext): Promise<FinalizePlan> {
  const plan = await context.load<FinalizePlan>(PLAN_KEY);
  if (plan !== undefined) return plan;
  throw new StepFailure('unknown', 'what the survey found is gone: start the job again', false);
}

const DOUBTS_KEY = 'doubts';

/** Keeps what the verification found strange and still let pass, in words. */
export async function saveDoubts(context: StepContext, doubts: readonly string[]): Promise<void> {
  await context.save(DOUBTS_KEY, doubts);
}

export async function loadDoubts(context: StepContext): Promise<readonly string[]> {
  return (await context.load<readonly string[]>(DOUBTS_KEY)) ?? [];
}

/** Segments of a file, in order. */
export function linesOf({ parts }: PartGroup): SegmentLine[] {
  return parts.map(({ part }) => part.line);
}

export function groupHasVideo({ parts }: PartGroup): boolean {
  return parts[0] !== undefined && hasVideo(parts[0].part);
}
