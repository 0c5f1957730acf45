import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../recording/file-error.js';
import { publish } from '../media/publish.js';
import { runFfmpeg } from '../media/run-ffmpeg.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';

/** A finished file that pictures are taken from. */
export interface PictureSource {
  readonly path: string;
  readonly lengthMs: number;
}

const COLUMNS = 4;
/** Pictures of a contact sheet. */
export const TILES = 16;
const TILE = { width: 320, height: 180 } as const;
/** Pictures of one size, whatever the size of the video: black bars at the sides where it does not fit. */
const TILE_FILTER =
  `scale=${TILE.width}:${TILE.height}:force_original_aspect_ratio=decrease,` +
  `pad=${TILE.width}:${TILE.height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuvj420p`;
const THUMBNAIL_FILTER = "scale=w='min(640,iw)':h=-2,format=yuvj420p";
/** The very start is often black. */
const THUMBNAIL_SHARE = 0.1;
/** ffmpeg's scale for JPEG: 2 is best, 31 is smallest. */
const QUALITY = '4';

export const CONTACT_SHEET = { name: 'contact-sheet.jpg', mediaType: 'image/jpeg' } as const;
export const THUMBNAIL = { name: 'thumbnail.jpg', mediaType: 'image/jpeg' } as const;

/** One picture from near the start. */
export async function makeThumbnail(
  tools: MediaTools,
  sources: readonly PictureSource[],
  context: StepContext,
): Promise<void> {
  const point = pointAt(sources, totalMs(sources) * THUMBNAIL_SHARE);
  const isTaken = await takePicture(
    tools,
    point,
    { filter: THUMBNAIL_FILTER, name: THUMBNAIL.name },
    context,
  );
  if (isTaken) await publish(context, THUMBNAIL);
  else context.log('warning', 'no thumbnail: no picture can be decoded where it would be taken');
}

/** A grid of pictures at even distances over all files. `report` hears how many of them were tried. */
export async function makeContactSheet(
  tools: MediaTools,
  sources: readonly PictureSource[],
  context: StepContext,
  report: (tried: number) => void,
): Promise<void> {
  let taken = 0;
  for (let index = 0; index < TILES; index += 1) {
    const point = pointAt(sources, (totalMs(sources) * (index + 0.5)) / TILES);
    const picture = { filter: TILE_FILTER, name: tileName(taken) };
    if (await takePicture(tools, point, picture, context)) taken += 1;
    report(index + 1);
  }
  if (taken === 0) {
    context.log('warning', 'no contact sheet: no picture can be decoded');
    return;
  }
  const pattern = join(context.workFolder, 'tile-%02d.jpg');
  const layout = `tile=${Math.min(COLUMNS, taken)}x${Math.ceil(taken / COLUMNS)}:padding=4:margin=4`;
  const sheet = join(context.workFolder, CONTACT_SHEET.name);
  await runFfmpeg({
    ffmpegPath: tools.ffmpegPath,
    args: [
      '-framerate',
      '1',
      '-i',
      pattern,
      '-vf',
      layout,
      '-frames:v',
      '1',
      '-q:v',
      QUALITY,
      '-update',
      '1',
      sheet,
    ],
    signal: context.signal,
  });
  for (let index = 0; index < taken; index += 1) {
    await rm(join(context.workFolder, tileName(index)), { force: true });
  }
  await publish(context, CONTACT_SHEET);
}

interface Point extends PictureSource {
  readonly atMs: number;
}

/** @returns False when there is none: the last one may be shorter than its file says. */
async function takePicture(
  tools: MediaTools,
  point: Point,
  picture: { readonly filter: string; readonly name: string },
  context: StepContext,
): Promise<boolean> {
  const file = join(context.workFolder, picture.name);
  await rm(file, { force: true });
  await runFfmpeg({
    ffmpegPath: tools.ffmpegPath,
    args: [
      ['-ss', (point.atMs / 1_000).toFixed(3), '-i', point.path, '-map', '0:v:0', '-vf', picture.filter],
      ['-frames:v', '1', '-q:v', QUALITY, '-update', '1', file],
    ].flat(),
    signal: context.signal,
  });
  const stats = await unlessMissing(stat(file), null);
  return stats !== null && stats.size > 0;
}

/** Where a place in all files together lies. */
function pointAt(sources: readonly PictureSource[], placeMs: number): Point {
  let beforeMs = 0;
  for (const source of sources) {
    if (placeMs < beforeMs + source.lengthMs) return { ...source, atMs: placeMs - beforeMs };
    beforeMs += source.lengthMs;
  }
  throw new Error('should not happen: a picture is wanted from behind the end');
}

function totalMs(sources: readonly PictureSource[]): number {
  return sources.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}

function tileName(index: number): string {
  return `tile-${String(index).padStart(2, '0')}.jpg`;
}
