import { join } from 'node:path';
import { jobNameOf } from '../../core/jobs/index.js';

/** Where the files of a job are. */
export interface JobFolders {
  readonly job: string;
  /** Finished files. */
  readonly artifacts: string;
  /** Half-made files. */
  readonly work: string;
}

/** Folder of all jobs of a data directory. */
export function jobsFolder(dataDir: string): string {
  return join(dataDir, 'jobs');
}

export function foldersOf(dataDir: string, jobId: string): JobFolders {
  const job = join(jobsFolder(dataDir), jobNameOf(jobId));
  return { job, artifacts: join(job, 'artifacts'), work: join(job, 'work') };
}
