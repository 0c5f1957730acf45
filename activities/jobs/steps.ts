import type {
  ClipStepName,
  DigestStepName,
  FinalizeStepName,
  JobKind,
  JobParams,
} from '../../core/jobs/index.js';
import type { StepRun } from './step-context.js';

/** The steps that a process can make, by kind and name. */
export interface StepRuns {
  readonly digest?: Readonly<Record<DigestStepName, StepRun<JobParams['digest']>>>;
  readonly finalize?: Readonly<Record<FinalizeStepName, StepRun<JobParams['finalize']>>>;
  readonly clip?: Readonly<Record<ClipStepName, StepRun<JobParams['clip']>>>;
}

/** The step of that name, to be given the parameters of its own kind; undefined when this process cannot make it. */
export function stepOf(runs: StepRuns, kind: JobKind, step: string): StepRun<JobParams[JobKind]> | undefined {
  const steps = runs[kind] as Readonly<Record<string, StepRun<JobParams[JobKind]>>> | undefined;
  return steps !== undefined && Object.hasOwn(steps, step) ? steps[step] : undefined;
}
