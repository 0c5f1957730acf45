/** The library API of holdfast. */
export type { InstanceStatus, BranchStatus, Incident } from '../core/instance-status.js';
export type { JobEvent, JobEventBody, JobState, JobView } from '../core/jobs/index.js';
export { STATES, type State } from '../core/states.js';
export { followJob, type FollowedEvent, type FollowOptions } from './follow/index.js';
export type { AppliedChange, ApplyOptions } from './library/apply.js';
export { HoldfastError, type ProblemCode } from './library/errors.js';
export { createHoldfast, type Holdfast } from './library/holdfast.js';
export { INSTANCE_KINDS, type InstanceKind } from './library/instance-kinds.js';
export type { InstanceSummary, ListFilter } from './library/list-instances.js';
export { createJobs, type JobReading, type JobRequest, type Jobs, type StartedJob } from './library/jobs.js';
export type { LiveRun } from './library/live-runs.js';
export { SIGNALS, type Sent, type SignalName } from './library/messages.js';
export type { OutputSent } from './library/outputs.js';
export type { PlannedAction } from './library/plan-apply.js';
export type { BranchView, InstanceView } from './library/read-instance.js';
export type { DesiredInstance } from './library/start-instance.js';
export type { StopOptions, Stopped } from './library/stop-instance.js';
export type { Snapshot, WatchOptions } from './library/watch-instances.js';
