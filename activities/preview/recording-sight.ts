import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, type Manifest, type SegmentLine } from '../../core/manifest/index.js';
import { unlessMissing } from '../recording/file-error.js';
import { branchFolders } from '../recording/folders.js';
import type { NothingSeen, Sight } from './sight.js';
import { takePicture, type Picture } from './take-picture.js';

/** Of two attempts; a disk that takes longer has other troubles. */
const TIME_LIMIT_MS = 3_500;
/** The last key frame of nearly every recording lies within this time before its end. */
const LAST_SECONDS = 10;

/** The newest closed segment of a recording: a picture of it stays good until there is another one. */
export async function recordingSight(
  ffmpegPath: string,
  place: { readonly dataDir: string; readonly instance: string; readonly branch: string },
): Promise<Sight | NothingSeen> {
  const { folder, manifestFile } = branchFolders(place.dataDir, place.instance, place.branch);
  let manifest: Manifest;
  try {
    manifest = readManifest(await unlessMissing(readFile(manifestFile, 'utf8'), ''));
  } catch (error) {
    return none(`what is recorded cannot be read: ${(error as Error).message}`);
  }
  const newest = newestOf(manifest);
  if (newest === null) return none(whyNothing(manifest));
  return sightOf(ffmpegPath, join(folder, newest.file), newest);
}

function newestOf({ segments, removed }: Manifest): SegmentLine | null {
  const gone = new Set(removed.map(({ file }) => file));
  let newest: SegmentLine | null = null;
  for (const line of segments) {
    if (gone.has(line.file)) continue;
    if (newest === null || Date.parse(line.end) >= Date.parse(newest.end)) newest = line;
  }
  return newest;
}

function whyNothing({ segments }: Manifest): string {
  return segments.length === 0
    ? 'its first segment is not closed yet'
    : 'retention has removed every closed segment of it';
}

function sightOf(ffmpegPath: string, path: string, { file, start, end }: SegmentLine): Sight {
  const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
  const frame = (seek: readonly string[]): Promise<Picture> =>
    takePicture(ffmpegPath, {
      input: [...seek, '-i', `file:${path}`],
      limitMs: TIME_LIMIT_MS,
      silence: `${file} could not be read within ${TIME_LIMIT_MS / 1_000} s`,
    });
  return {
    isShownBy: ({ takenAtMs }) => takenAtMs > startMs && takenAtMs <= endMs,
    take: async () => {
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isThere) return none(`${file}, its newest segment, is not there any more`);
      const last = await frame(['-noaccurate_seek', '-sseof', `-${LAST_SECONDS}`]);
      if (last.kind === 'picture') return { ...last, takenAtMs: endMs };
      // Key frames may be further apart than that: the first picture of a segment always is one.
      const first = await frame([]);
      return first.kind === 'picture' ? { ...first, takenAtMs: startMs } : first;
    },
  };
}

function none(detail: string): NothingSeen {
  return { kind: 'none', detail };
}
