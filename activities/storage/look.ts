import { access, constants, statfs } from 'node:fs/promises';

/** What a folder and its file system say of themselves. */
export type StorageLook =
  | { readonly kind: 'usable'; readonly freeBytes: number }
  /** Nobody can write there: read-only, gone or broken. `detail` holds the system's own words. */
  | { readonly kind: 'unwritable'; readonly detail: string }
  /** It has not answered, or in a way that says nothing. */
  | { readonly kind: 'unknown' };

const UNWRITABLE_CODES: ReadonlySet<string> = new Set(['EROFS', 'ENOENT', 'ENOTDIR', 'EIO', 'ESTALE']);
/** A dead network mount answers never, and whoever asks has other things to do. */
const LOOK_TIMEOUT_MS = 150;
/** Looks at folders that have not come back. A hanging one takes a thread of the process, so nobody asks it again. */
const pending = new Map<string, Promise<StorageLook>>();

/** Asks without writing whether a folder can be written and how much is free there. Never throws. */
export async function lookAtStorage(folder: string): Promise<StorageLook> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<StorageLook>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'unknown' }), LOOK_TIMEOUT_MS).unref();
  });
  try {
    return await Promise.race([askOnce(folder), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function askOnce(folder: string): Promise<StorageLook> {
  const before = pending.get(folder);
  if (before !== undefined) return before;
  const look = ask(folder).finally(() => pending.delete(folder));
  pending.set(folder, look);
  return look;
}

async function ask(folder: string): Promise<StorageLook> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return { kind: 'usable', freeBytes: bavail * bsize };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return UNWRITABLE_CODES.has(code ?? '') ? { kind: 'unwritable', detail: message } : { kind: 'unknown' };
  }
}
