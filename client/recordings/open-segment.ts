import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareSegments, formatSegmentName, parseSegmentName } from '../../core/manifest/index.js';

/** The segment that is being written, or was when its process died: on disk, but not in the manifest yet. */
export interface OpenSegment {
  readonly file: string;
  readonly bytes: number;
  /** When the file was made and last written, in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly writtenMs: number;
}

/** The newest segment of a branch that the manifest does not list; null when it lists them all. */
export async function findOpenSegment(
  folder: string,
  listed: ReadonlySet<string>,
): Promise<OpenSegment | null> {
  const names = (await readdir(folder)).flatMap((file) => parseSegmentName(file) ?? []);
  const newest = names.sort(compareSegments).at(-1);
  const file = newest === undefined ? undefined : formatSegmentName(newest);
  if (file === undefined || listed.has(file)) return null;
  const stats = await stat(join(folder, file)).catch(() => null);
  if (stats === null || stats.size === 0) return null;
  return { file, bytes: stats.size, sinceMs: stats.birthtimeMs, writtenMs: stats.mtimeMs };
}
