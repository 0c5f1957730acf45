import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder in which something is recorded, and the disk under it. */
export interface RecordingDisk {
  /** Absolute. */
  readonly folder: string;
  /** The system's number of the disk. */
  readonly device: number;
  readonly freeBytes: number;
  /** What the system says against writing there; null when nothing. */
  readonly problem: string | null;
}

/**
 * The disks under a folder and the folders in it: each may be another one's mount point. Of several folders on one disk only the uppermost
 * is named.
 * @param depth How many levels of folders are looked at.
 */
export async function disksUnder(folder: string, depth: number): Promise<RecordingDisk[]> {
  return await collect(folder, depth, new Set());
}

/** The disk of these that fails first: one that cannot be written, otherwise the fullest. */
export function tightestDisk(disks: readonly RecordingDisk[]): RecordingDisk | undefined {
  const room = ({ freeBytes, problem }: RecordingDisk) => (problem === null ? freeBytes : -1);
  return disks.toSorted((left, right) => room(left) - room(right))[0];
}

async function collect(folder: string, depth: number, seen: Set<string>): Promise<RecordingDisk[]> {
  const disk = await lookAt(folder, seen).catch(() => undefined);
  const disks = disk === undefined ? [] : [disk];
  if (depth === 0) return disks;
  for (const name of await foldersIn(folder)) {
    disks.push(...(await collect(join(folder, name), depth - 1, seen)));
  }
  return disks;
}

/** Undefined when the disk is known already. The same one may be mounted for writing here and for reading only there. */
async function lookAt(folder: string, seen: Set<string>): Promise<RecordingDisk | undefined> {
  const problem = await access(folder, constants.W_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.message,
  );
  const { dev: device } = await stat(folder);
  const identity = `${device} ${problem === null}`;
  if (seen.has(identity)) return undefined;
  seen.add(identity);
  const { bavail, bsize } = await statfs(folder);
  return { folder, device, freeBytes: bavail * bsize, problem };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.map(({ name }) => name).sort();
}
