import type { JobStepActivities } from '../../core/activity-contract.js';
import { cleanJob } from './clean-job.js';
import { runJobStep, type JobDeps } from './run-step.js';

export type { StepDeps } from './deps.js';
export { startJobFileHousekeeping, startJobStoreHousekeeping, type JobHousekeeping } from './housekeeping.js';
export type { JobDeps } from './run-step.js';
export { createSaveJobActivity } from './save-job.js';
export type { StepContext, StepRun } from './step-context.js';
export { StepFailure } from './step-failure.js';
export type { StepRuns } from './steps.js';
export { Turns } from './turns.js';
export { valuesInFolder, valuesInStore, type StepValues } from './values.js';

/** Steps of jobs, for the process that makes them. */
export function createJobStepActivities(deps: JobDeps): JobStepActivities {
  return {
    runJobStep: (input) => runJobStep(input, deps),
    cleanJob: ({ jobId }) => cleanJob(jobId, deps),
  };
}
