import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publish } from '../media/publish.js';
import { runFfmpeg } from '../media/run-ffmpeg.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import type { PictureSource } from './contact-sheet.js';
import { drawPeaks, SoundPeaks } from './sound-peaks.js';

export const WAVEFORM = { name: 'waveform.png', mediaType: 'image/png' } as const;

/** Enough to see loudness by, and little to read. */
const SAMPLES_PER_SECOND = 8_000;
const SIZE = { width: 1_600, height: 240 } as const;

/** A source of sound; `hasSound` is false for a file without any, which stays silent in the picture. */
export interface SoundSource extends PictureSource {
  readonly hasSound: boolean;
}

/**
 * Draws the loudness of the sound of all files in a row. Sample by sample, as ffmpeg's own filter for it holds the decoded sound of a whole
 * day in memory.
 */
export async function makeWaveform(
  tools: MediaTools,
  sources: readonly SoundSource[],
  context: StepContext,
  report: (share: number) => void,
): Promise<void> {
  const totalSamples = samplesIn(sources.reduce((sum, { lengthMs }) => sum + lengthMs, 0));
  const peaks = new SoundPeaks(SIZE.width, totalSamples);
  let beforeMs = 0;
  report(0);
  for (const source of sources) {
    peaks.skipTo(samplesIn(beforeMs));
    if (source.hasSound)
      await readSound(tools, source, context, (piece) => {
        peaks.take(piece);
        report(Math.min(1, peaks.samples / totalSamples));
      });
    beforeMs += source.lengthMs;
  }
  await writePicture(tools, drawPeaks(peaks.columns, SIZE.height), context);
  await publish(context, WAVEFORM);
}

function samplesIn(ms: number): number {
  return (ms / 1_000) * SAMPLES_PER_SECOND;
}

async function readSound(
  tools: MediaTools,
  { path }: SoundSource,
  context: StepContext,
  take: (piece: Buffer) => void,
): Promise<void> {
  await runFfmpeg({
    ffmpegPath: tools.ffmpegPath,
    args: [
      '-i',
      path,
      '-map',
      '0:a:0',
      '-ac',
      '1',
      '-ar',
      String(SAMPLES_PER_SECOND),
      '-f',
      's16le',
      'pipe:1',
    ],
    signal: context.signal,
    onOutput: take,
  });
}

async function writePicture(tools: MediaTools, pixels: Buffer, context: StepContext): Promise<void> {
  const raw = join(context.workFolder, 'waveform.gray');
  await writeFile(raw, pixels);
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-video_size',
    `${SIZE.width}x${SIZE.height}`,
    '-i',
    raw,
  ];
  await runFfmpeg({
    ffmpegPath: tools.ffmpegPath,
    args: [...input, '-frames:v', '1', '-update', '1', join(context.workFolder, WAVEFORM.name)],
    signal: context.signal,
  });
  await rm(raw, { force: true });
}
