import type { Kysely } from 'kysely';
import { JOB_EVENTS_READ_MAX, type JobEvent, type JobView } from '../../core/jobs/index.js';
import type { Tables } from '../tables.js';
import { listJobs, readJob, type JobQuery, type StoredJob } from './read-jobs.js';
import { saveJob } from './save-job.js';
import { deleteJobs } from './tidy.js';
import { deleteValues, loadValue, saveValue } from './values.js';

export type { JobQuery, StoredJob } from './read-jobs.js';

/** What is kept about jobs. They go by their workflow ids, e.g. `job/digest-4f2a`. */
export interface JobStore {
  /** Keeps a job and its new events. Idempotent; an older state never replaces a newer one. */
  save(view: JobView, events: readonly JobEvent[]): Promise<void>;
  /** A job with at most 500 events after an offset, oldest first; null when it is not known here. */
  read(id: string, afterOffset: number): Promise<StoredJob | null>;
  /** The newest first, without their events. */
  list(query?: JobQuery): Promise<JobView[]>;
  /** Deletes at most `limit` jobs (up to 500) that ended before `before`. Returns how many. */
  deleteEnded(before: Date, limit: number): Promise<number>;
  /** What steps leave to later steps of a living job. */
  saveValue(job: string, name: string, value: unknown): Promise<void>;
  loadValue<Value>(job: string, name: string): Promise<Value | undefined>;
  deleteValues(job: string): Promise<void>;
}

export function createJobStore(db: Kysely<Tables>): JobStore {
  return {
    save: (view, events) => saveJob(db, view, events),
    read: (id, afterOffset) => readJob(db, id, afterOffset, JOB_EVENTS_READ_MAX),
    list: (query = {}) => listJobs(db, query),
    deleteEnded: (before, limit) => deleteJobs(db, before, limit),
    saveValue: (job, name, value) => saveValue(db, job, name, value, new Date()),
    loadValue: (job, name) => loadValue(db, job, name),
    deleteValues: (job) => deleteValues(db, job),
  };
}
