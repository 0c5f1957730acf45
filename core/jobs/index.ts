/** Content jobs: what can be asked for, its steps, and what it tells on its way. */
export { startedAgain, viewOfCarried, type CarriedJob, type JobBeginning } from './carried.js';
export {
  JOB_KINDS,
  jobEntrySchema,
  type JobEntry,
  type JobInput,
  type JobKind,
  type JobParams,
} from './entry.js';
export {
  isJobOver,
  JOB_STATES,
  type JobEvent,
  type JobEventBody,
  type JobLogLevel,
  type JobProgress,
  type JobState,
} from './events.js';
export { jobIdOf, jobNameOf, keyedName } from './id.js';
export {
  JOB_STEPS,
  stepsOf,
  type ClipStepName,
  type DigestStepName,
  type FinalizeStepName,
  type StepPlan,
} from './kinds.js';
export { JOB_EVENTS_KEPT, JOB_EVENTS_READ_MAX, JobLog } from './log.js';
export type { ClipParams, DigestParams, FinalizeParams } from './params.js';
export { jobPercent, jobProgress, NO_WORK_DONE, remainingOf, type WorkDone } from './progress.js';
export type { JobReport, ReportEntry, RunStepInput, StepDone, StepProgress } from './step.js';
export type { JobArtifact, JobFailure, JobView } from './view.js';
export {
  JOB_CANCEL_SIGNAL,
  JOB_EVENTS_QUERY,
  JOB_REPORT_SIGNAL,
  JOB_STATUS_QUERY,
  type JobAnswer,
} from './messages.js';
