import { rm, rmdir } from 'node:fs/promises';
import { foldersOf } from './folders.js';
import type { JobDeps } from './run-step.js';

/** Removes the half-made files of a job; its artifacts stay. Idempotent. */
export async function cleanJob(
  jobId: string,
  { dataDir, valuesOf }: Pick<JobDeps, 'dataDir' | 'valuesOf'>,
): Promise<void> {
  const folders = foldersOf(dataDir, jobId);
  await valuesOf(jobId, folders.work).clear();
  await rm(folders.work, { recursive: true, force: true });
  // Only where nothing is left in them.
  await rmdir(folders.artifacts).catch(() => undefined);
  await rmdir(folders.job).catch(() => undefined);
}
