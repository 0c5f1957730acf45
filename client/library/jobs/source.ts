import type { JobEvent } from '../../../core/jobs/events.js';
import type { JobView } from '../../../core/jobs/view.js';

/** Where a reading comes from: the living workflow, or the store that mirrors it some seconds behind. */
export type JobPlace = 'workflow' | 'store';

/** A job and what it told after some event. */
export interface JobReading {
  readonly view: JobView;
  /** Those after the offset that was asked for and that are kept; oldest first, at most 500. */
  readonly events: readonly JobEvent[];
  readonly from: JobPlace;
}

/** Reads jobs, whole or from an event on. */
export interface JobSource {
  /**
   * Reads from the preferred place, and only from there while it can answer. Null when nobody knows the job.
   * @throws when the preferred place cannot be read: try the other one
   */
  read(id: string, afterOffset: number, prefer: JobPlace): Promise<JobReading | null>;
}
