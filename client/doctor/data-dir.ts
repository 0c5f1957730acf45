import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';

/** Less than this is gone within minutes; less than the second within hours. */
const FREE_BYTES_FAILED = 200_000_000;
const FREE_BYTES_WARNING = 5_000_000_000;

/** The data directory can be written (or made) and has room. */
export async function checkDataDir(dataDir: string): Promise<readonly CheckResult[]> {
  const existing = await nearestExisting(dataDir);
  const how = existing === dataDir ? dataDir : `${dataDir} (will be made)`;
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    const mend = `give the user who runs holdfast the right to write ${existing}`;
    return [problem('data_dir', `${how}: ${messageOf(error)}`, mend, true)];
  }
  return [ok('data_dir', how), await checkSpace(existing)];
}

async function checkSpace(folder: string): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const detail = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= FREE_BYTES_WARNING) return ok('disk', detail);
  const mend = 'free some space or use another data_dir';
  return problem('disk', detail, mend, freeBytes < FREE_BYTES_FAILED);
}

async function nearestExisting(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    const exists = await access(candidate).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    );
    if (exists || candidate === dirname(candidate)) return candidate;
  }
}
