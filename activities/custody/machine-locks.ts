import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../../core/run.js';
import { expandSecrets } from '../secrets/index.js';
import { PlanError } from './handler.js';

/** Where every user of a machine may leave files that its next start forgets. The first that is there counts, whoever asks. */
const SHARED_PARENTS = ['/run/lock', '/dev/shm', '/tmp'];
const FOLDER_NAME = 'holdfast';
/** Everybody may add locks, and nobody take away those of others. */
const FOLDER_MODE = 0o1777;
const LOCK_MODE = 0o666;
/** In a folder where everybody writes, a name may turn out to be a link or a pipe of somebody else. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const NAME_LENGTH = 32;
const RECORD_BYTES_MAX = 8_192;

/** Who has a lock of the machine, as the lock itself says. */
export interface LockHolder extends Pick<RunSpec, 'runKey' | 'workflowId' | 'branch'> {
  /** Data folder of the installation. */
  readonly dataDir: string;
  /** The leader of the run's processes. */
  readonly pid?: number;
}

/**
 * Folder of the locks of what a machine has only once: its hub addresses, its devices, the addresses it sends to. All installations
 * and users of the machine share it. Asks nothing that differs between them, such as TMPDIR.
 */
export function machineLocksFolder(): string {
  const parent = SHARED_PARENTS.find(isForEverybody) ?? '/tmp';
  return join(parent, FOLDER_NAME);
}

/**
 * Opens the lock files of resources, each for a child to lock, and makes those that are not there yet. Close them after the child
 * has been started.
 * @throws {PlanError} when the folder or a file of it cannot be used.
 */
export function openMachineLocks(folder: string, resources: readonly string[]): number[] {
  const opened: number[] = [];
  try {
    for (const resource of resources) opened.push(openLock(folder, lockName(resource)));
    return opened;
  } catch (error) {
    for (const descriptor of opened) closeSync(descriptor);
    throw error;
  }
}

/** What the wrapper of a run writes into its locks behind its own process id. */
export function holderRecord({ runKey, workflowId, branch }: RunSpec, dataDir: string): string {
  return JSON.stringify({ runKey, workflowId, branch, dataDir } satisfies LockHolder);
}

/** Who has taken a lock last, or null when nobody can tell. */
export function readHolder(folder: string, resource: string): LockHolder | null {
  try {
    const descriptor = openSync(join(folder, lockName(resource)), constants.O_RDONLY | SAFELY);
    try {
      const buffer = Buffer.alloc(RECORD_BYTES_MAX);
      return parseHolder(buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, RECORD_BYTES_MAX, 0)));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

function isForEverybody(path: string): boolean {
  try {
    if ((statSync(path).mode & FOLDER_MODE) !== FOLDER_MODE) return false;
    // On a file system that is mounted for reading only, not even root may.
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A hash, because an address may hold a key, and variables are set differently in each installation. */
function lockName(resource: string): string {
  const kind = resource.slice(0, resource.indexOf(':'));
  const hash = createHash('sha256').update(expandSecrets(resource, process.env)).digest('hex');
  return `${kind}-${hash.slice(0, NAME_LENGTH)}`;
}

function openLock(folder: string, name: string): number {
  try {
    const folderDescriptor = openFolder(folder);
    try {
      // By its descriptor the folder stays the one that was looked at.
      return openRegular(`/proc/self/fd/${folderDescriptor}/${name}`);
    } finally {
      closeSync(folderDescriptor);
    }
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\/proc\/self\/fd\/\d+/g, folder);
    const text = `the locks of this machine in ${folder} cannot be used: ${reason}`;
    throw new PlanError(text, { role: 'pipeline', tool: 'other', text });
  }
}

function openFolder(folder: string): number {
  try {
    mkdirSync(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | SAFELY);
  const { mode, uid } = fstatSync(descriptor);
  // What its maker's umask has taken away.
  if ((mode & FOLDER_MODE) !== FOLDER_MODE && uid === process.getuid?.()) fchmodSync(descriptor, FOLDER_MODE);
  return descriptor;
}

function openRegular(path: string): number {
  const descriptor = openExisting(path) ?? create(path) ?? openSync(path, constants.O_RDWR | SAFELY);
  const stats = fstatSync(descriptor);
  // A second name could be that of a file with a purpose.
  if (stats.isFile() && stats.nlink === 1) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path} is no lock file`);
}

function openExisting(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR | SAFELY);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Null when somebody else was faster. */
function create(path: string): number | null {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFELY;
    const descriptor = openSync(path, flags, LOCK_MODE);
    fchmodSync(descriptor, LOCK_MODE);
    return descriptor;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  }
}

/** The first line counts; what follows is the rest of a longer one before it. */
function parseHolder(text: string): LockHolder | null {
  const [, pid, json = ''] = /^(\d+) (\{.*\})\n/.exec(text) ?? [];
  const found = JSON.parse(json) as Partial<Record<keyof LockHolder, unknown>>;
  const { runKey, workflowId, branch, dataDir } = found;
  const isWhole = [runKey, workflowId, branch, dataDir].every((value) => typeof value === 'string');
  return isWhole ? ({ runKey, workflowId, branch, dataDir, pid: Number(pid) } as LockHolder) : null;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
