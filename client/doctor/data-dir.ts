import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { humanBytes } from '../cli/view/words.js';
import { disksUnder, type RecordingDisk } from '../recordings/index.js';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';

/** Less than this is gone within minutes; less than the second within hours. */
const FREE_BYTES_FAILED = 200_000_000;
const FREE_BYTES_WARNING = 5_000_000_000;
/** `recordings/<kind>/<name>/<branch>`: any of them may be a disk of its own. */
const RECORDING_FOLDERS_DEEP = 4;

/** The data directory can be written (or made), and there is room on every disk that is mounted for it or for recordings. */
export async function checkDataDir(dataDir: string): Promise<readonly CheckResult[]> {
  const existing = await nearestExisting(dataDir);
  const how = existing === dataDir ? dataDir : `${dataDir} (will be made)`;
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    const mend = `give the user who runs holdfast the right to write ${existing}`;
    return [problem('data_dir', `${how}: ${messageOf(error)}`, mend, true)];
  }
  const disks = existing === dataDir ? await recordingDisks(dataDir) : await disksUnder(existing, 0);
  return [ok('data_dir', how), ...disks.map((disk) => checkDisk(disk, dataDir))];
}

/** The disk of the data directory first; then those of recordings that are others. */
async function recordingDisks(dataDir: string): Promise<readonly RecordingDisk[]> {
  const [own] = await disksUnder(dataDir, 0);
  const under = await disksUnder(join(dataDir, 'recordings'), RECORDING_FOLDERS_DEEP - 1);
  const others = under.filter(({ device, problem }) => device !== own?.device || problem !== null);
  return own === undefined ? others : [own, ...others];
}

function checkDisk({ folder, freeBytes, problem: readOnly }: RecordingDisk, dataDir: string): CheckResult {
  const where = folder.startsWith(join(dataDir, 'recordings')) ? ` in ${relative(dataDir, folder)}` : '';
  if (readOnly !== null) {
    const mend = 'make it writable for the user who runs holdfast';
    return problem('disk', `nothing can be written${where}: ${readOnly}`, mend, true);
  }
  const detail = `${humanBytes(freeBytes)} free${where}`;
  if (freeBytes >= FREE_BYTES_WARNING) return ok('disk', detail);
  const mend = where === '' ? 'free some space or use another data_dir' : 'free some space there';
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
