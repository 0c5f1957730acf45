import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '../step-context.js';
import { concatList } from './concat-list.js';
import { metadataText, type FileMetadata } from './metadata.js';
import { mediaProgress } from './progress.js';
import { runFfmpeg } from './run-ffmpeg.js';
import type { PartGroup } from './timeline.js';
import type { MediaTools } from './tools.js';

export interface JoinedFile {
  /** Folder of the segments. */
  readonly folder: string;
  readonly group: PartGroup;
  readonly metadata: FileMetadata;
  /** Options between the inputs and the output: which streams, how they are coded, from where to where. */
  readonly coding: readonly string[];
  /** Name in the work folder. */
  readonly name: string;
  readonly progress: { readonly totalMs: number; readonly doneBeforeMs?: number };
}

/** A lost attempt may still be writing: each has a file of its own until it is whole. */
const PART_SUFFIX = '.part-';

/** Removes what attempts before this one left half-made. */
export async function removeHalfMade(workFolder: string): Promise<void> {
  for (const name of await readdir(workFolder)) {
    if (name.includes(PART_SUFFIX)) await rm(join(workFolder, name), { force: true });
  }
}

/**
 * Writes one MP4 of several segments, its header in front. What is half-made is removed.
 * @throws {StepFailure}
 */
export async function joinFile(tools: MediaTools, file: JoinedFile, context: StepContext): Promise<void> {
  const target = join(context.workFolder, `${file.name}${PART_SUFFIX}${context.attempt}`);
  const [listFile, metadataFile] = [`${target}.list`, `${target}.metadata`];
  await writeFile(listFile, concatList(file.folder, file.group));
  await writeFile(metadataFile, metadataText(file.metadata));
  context.report(mediaProgress(0, file.progress));
  try {
    await runFfmpeg({
      ffmpegPath: tools.ffmpegPath,
      args: [
        [
          '-itsoffset',
          `${Math.round((file.group.parts[0]?.placeMs ?? 0) * 1_000)}us`,
          '-f',
          'concat',
          '-safe',
          '0',
          '-i',
          listFile,
          '-f',
          'ffmetadata',
          '-i',
          metadataFile,
        ],
        ['-map_metadata', '1', '-map_chapters', '1'],
        file.coding,
        ['-strict', '-2', '-video_track_timescale', '90000', '-movflags', '+faststart', '-f', 'mp4', target],
      ].flat(),
      signal: context.signal,
      outputFile: target,
      onProgress: ({ outTimeMs }) => context.report(mediaProgress(outTimeMs, file.progress)),
    });
    await rename(target, join(context.workFolder, file.name));
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await Promise.all([listFile, metadataFile].map((path) => rm(path, { force: true })));
  }
}

/** Takes the usable streams of the segments. */
export function streamMaps({ parts }: PartGroup): string[] {
  return (parts[0]?.part.streams ?? []).flatMap(({ index }) => ['-map', `0:${index}`]);
}
