import { statfs } from 'node:fs/promises';
import { sizeInWords } from '../../storage/words.js';
import { StepFailure } from '../step-failure.js';

/** Kept free for whatever else is written meanwhile. */
const RESERVE_BYTES = 32_000_000;

/**
 * Makes sure that something as large fits on the disk: a recording on it must not end because of a job.
 * @throws {StepFailure} `storage_full`
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= bytes + RESERVE_BYTES) return;
  const needed = sizeInWords(bytes + RESERVE_BYTES);
  const message = `${needed} have to be free for the result, and ${sizeInWords(freeBytes)} are`;
  throw new StepFailure('storage_full', message, false);
}
