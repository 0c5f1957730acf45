import { readdir } from 'node:fs/promises';
import { compareSegments, parseSegmentName, type SegmentName } from '../../core/manifest/index.js';
import { unlessMissing } from './file-error.js';

/** Added to the name of a segment that cannot be played. It is kept: somebody may yet save it. */
export const INVALID_SUFFIX = '.invalid';

/** A segment in a folder. */
export interface SegmentFile extends SegmentName {
  readonly file: string;
}

/** The segments of a folder in the order of recording. */
export async function listSegments(folder: string): Promise<SegmentFile[]> {
  return readNames(folder, (file) => file);
}

/** The highest run whose name is taken in a folder, also by segments that cannot be played; 0 when there is none. */
export async function highestRun(folder: string): Promise<number> {
  const segments = await readNames(folder, (file) =>
    file.endsWith(INVALID_SUFFIX) ? file.slice(0, -INVALID_SUFFIX.length) : file,
  );
  return segments.at(-1)?.run ?? 0;
}

async function readNames(folder: string, nameOf: (file: string) => string): Promise<SegmentFile[]> {
  const segments: SegmentFile[] = [];
  for (const file of await unlessMissing(readdir(folder), [])) {
    const name = parseSegmentName(nameOf(file));
    if (name !== null) segments.push({ ...name, file });
  }
  return segments.sort(compareSegments);
}
