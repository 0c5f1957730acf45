import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { jobIdOf } from '../../core/jobs/index.js';
import { unlessMissing } from '../recording/file-error.js';
import { foldersOf, jobsFolder } from './folders.js';

/** Left by a job whose host was away when it ended; a job that has just ended is about to remove it by itself. */
const LEFT_BEHIND_AFTER_MS = 60_000;
const DESCRIBE_TIMEOUT_MS = 10_000;

export interface TidyFilesOptions {
  readonly dataDir: string;
  readonly client: Client;
  readonly retentionMs: number;
  readonly logger: Logger;
}

/** Looks at every job's folder once. A job that the server may still know as running keeps all that it has. */
export async function tidyJobFiles(
  { dataDir, client, retentionMs, logger }: TidyFilesOptions,
  nowMs: number,
): Promise<void> {
  for (const name of await unlessMissing(readdir(jobsFolder(dataDir)), [])) {
    const id = jobIdOf(name);
    const folders = foldersOf(dataDir, id);
    const idleMs = nowMs - (await newestChangeMs(folders.job));
    const isOld = idleMs > retentionMs;
    const hasWork = (await unlessMissing(stat(folders.work), null)) !== null;
    if (!isOld && !(hasWork && idleMs > LEFT_BEHIND_AFTER_MS)) continue;
    if (await mayBeAtWork(client, id)) continue;
    logger.info({ job: id }, isOld ? 'removing an old job' : 'removing what a job has left half made');
    await rm(isOld ? folders.job : folders.work, { recursive: true, force: true });
    if (!isOld) await rmdir(folders.job).catch(() => undefined);
  }
}

/** False only when the server says positively that the job is over or unknown. */
async function mayBeAtWork(client: Client, id: string): Promise<boolean> {
  try {
    const { status } = await client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () =>
      client.workflow.getHandle(id).describe(),
    );
    return status.name === 'RUNNING' || status.name === 'PAUSED' || status.name === 'UNKNOWN';
  } catch (error) {
    return !(error instanceof WorkflowNotFoundError);
  }
}

/** When anything in a folder was last written. Epoch milliseconds. */
async function newestChangeMs(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    ['.', ...entries].map(
      async (entry) => (await unlessMissing(stat(join(folder, entry)), null))?.mtimeMs ?? 0,
    ),
  );
  return Math.max(...times);
}
