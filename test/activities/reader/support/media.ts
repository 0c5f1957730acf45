import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packetTimes } from '../../../support/packet-times.js';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface MediaOptions {
  readonly format: 'mpegts' | 'flv';
  /** No picture when absent. */
  readonly size?: string;
  /** Default libx264. */
  readonly videoCodec?: 'libx264' | 'libx265' | 'mpeg2video';
  /** Sample rate of the sound; no sound when absent. */
  readonly sampleRate?: number;
  readonly channels?: number;
  /** Default 1. */
  readonly seconds?: number;
  /** Pictures between others that are decoded earlier. Default 0. */
  readonly bFrames?: number;
  /** Added to all time stamps; they begin where ffmpeg begins when absent. */
  readonly startSeconds?: number;
}

/** Makes real media: a test picture and a tone. */
export async function makeMedia(options: MediaOptions): Promise<Buffer> {
  const { format, size, sampleRate, seconds = 1, startSeconds = 0 } = options;
  const inputs = [
    ...(size === undefined ? [] : [`-f lavfi -i testsrc2=size=${size}:rate=25`]),
    ...(sampleRate === undefined ? [] : [`-f lavfi -i sine=sample_rate=${sampleRate}`]),
  ];
  const video = `-c:v ${options.videoCodec ?? 'libx264'} -preset ultrafast -g 25 -bf ${options.bFrames ?? 0} -pix_fmt yuv420p`;
  const audio = `-c:a aac -ac ${options.channels ?? 1}`;
  const output = `-t ${seconds} -output_ts_offset ${startSeconds} -f ${format} pipe:1`;
  const words = [...inputs, video, audio, output].join(' ').split(' ');
  const { stdout } = await run('ffmpeg', [...QUIET, ...words], {
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return stdout;
}

/** Runs ffmpeg in a folder; for media in several files. */
export async function ffmpegIn(folder: string, ...parameters: readonly string[]): Promise<void> {
  const words = parameters.flatMap((parameter) => parameter.split(' '));
  await run('ffmpeg', [...QUIET, ...words], { cwd: folder });
}

/** Counts pictures of media in memory. */
export async function countFrames(media: Buffer): Promise<number> {
  return (await presentationTimes(media)).length;
}

/** Presentation times of all packets of a stream in seconds, in the order of the file. */
export async function presentationTimes(media: Buffer, stream: 'v' | 'a' = 'v'): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-media-'));
  try {
    const file = join(folder, 'media');
    await writeFile(file, media);
    return await packetTimes(file, { stream });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An FLV file without its header: what a server sends on when its encoder changes. */
export function withoutFlvHeader(file: Buffer): Buffer {
  return file.subarray(13);
}

const QUIET = '-hide_banner -loglevel error -nostdin -y'.split(' ');
