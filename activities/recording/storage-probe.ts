import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../../core/evidence.js';
import { codeOf } from './file-error.js';

/** A block on disk: smaller writes may find room in one that is already there. */
const PROBE_BYTES = 4_096;
/** A dead network mount answers never; evidence has to be quick. */
const PROBE_TIMEOUT_MS = 150;

/** Tries whether a folder can be written. Says nothing when the folder does not answer in time. */
export async function probeStorage(folder: string): Promise<Evidence> {
  const timeout = new Promise<Evidence>((resolve) => {
    setTimeout(() => resolve({}), PROBE_TIMEOUT_MS).unref();
  });
  return Promise.race([tryToWrite(folder), timeout]);
}

async function tryToWrite(folder: string): Promise<Evidence> {
  const path = join(folder, '.write-probe');
  try {
    const handle = await open(path, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(PROBE_BYTES, 1));
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    return factsOf(error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
  return { writable: true, freeBytes: await freeBytes(folder) };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function factsOf(error: unknown): Evidence {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { role: 'storage', freeBytes: 0 };
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EIO':
    case 'ESTALE':
      return { role: 'storage', writable: false };
    default:
      return {};
  }
}
