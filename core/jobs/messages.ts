import type { JobEvent } from './events.js';
import type { JobView } from './view.js';

/** Sent by the worker that makes a step. Payload: `JobReport`. */
export const JOB_REPORT_SIGNAL = 'jobReport';
/** Ends a job and removes what it has half made. */
export const JOB_CANCEL_SIGNAL = 'cancel';
/** Answers a `JobView`. */
export const JOB_STATUS_QUERY = 'status';
/** Takes an offset and answers a `JobAnswer`. */
export const JOB_EVENTS_QUERY = 'events';

/** A job and what it told after an offset, oldest first. */
export interface JobAnswer {
  readonly view: JobView;
  readonly events: readonly JobEvent[];
}
