import { jobIdOf, type JobView } from '../../core/jobs/index.js';
import type { JobQuery } from '../../store/index.js';
import { cancelJob } from './jobs/cancel-job.js';
import type { JobPlaces } from './jobs/deps.js';
import { listJobs } from './jobs/list-jobs.js';
import { readJob, readJobAnywhere, unknownJob } from './jobs/read-job.js';
import type { JobReading, JobSource } from './jobs/source.js';
import { startJob, type JobRequest, type StartedJob } from './jobs/start-job.js';

export type { JobPlaces } from './jobs/deps.js';
export { isJobState } from './jobs/list-jobs.js';
export type { JobPlace, JobReading, JobSource } from './jobs/source.js';
export type { JobRequest, StartedJob } from './jobs/start-job.js';

/** Content jobs for programs. A job goes by `job/<name>`; the bare name will do. */
export interface Jobs extends JobSource {
  /** Starts a job, unless there is one of that key. */
  start(request: JobRequest): Promise<StartedJob>;
  /** The newest first; 100 unless asked otherwise. */
  list(query?: JobQuery): Promise<JobView[]>;
  /** From wherever it can be read; throws `unknown_instance`. */
  show(id: string, afterOffset?: number): Promise<JobReading>;
  /** Asks a job to end; false when it was over already. Throws `unknown_instance`. */
  cancel(id: string): Promise<boolean>;
}

/** Jobs over a Temporal client and a store of yours. */
export function createJobs(places: JobPlaces): Jobs {
  const whole = (id: string) => (id.includes('/') ? id : jobIdOf(id));
  return {
    start: (request) => startJob(places, request),
    list: (query) => listJobs(places, query),
    read: (id, afterOffset, prefer) => readJob(places, whole(id), afterOffset, prefer),
    show: async (id, afterOffset = 0) => {
      const reading = await readJobAnywhere(places, whole(id), afterOffset);
      if (reading === null) throw unknownJob(whole(id));
      return reading;
    },
    cancel: (id) => cancelJob(places, whole(id)),
  };
}
