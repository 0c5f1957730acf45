import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface MediaOptions {
  readonly format: 'mpegts' | 'flv';
  readonly size: string;
  /** Default libx264. */
  readonly videoCodec?: 'libx264' | 'libx265';
  /** Sample rate of the sound; no sound when absent. */
  readonly sampleRate?: number;
  readonly channels?: number;
  /** Default 1. */
  readonly seconds?: number;
}

/** Makes real media: a test picture and a tone. */
export async function makeMedia(options: MediaOptions): Promise<Buffer> {
  const seconds = String(options.seconds ?? 1);
  const picture = `-f lavfi -i testsrc2=size=${options.size}:rate=25`.split(' ');
  const sound =
    options.sampleRate === undefined
      ? []
      : `-f lavfi -i sine=sample_rate=${options.sampleRate} -c:a aac -ac ${options.channels ?? 1}`.split(' ');
  const codec =
    `-c:v ${options.videoCodec ?? 'libx264'} -preset ultrafast -g 25 -t ${seconds} -pix_fmt yuv420p`.split(
      ' ',
    );
  const inputs = [...picture, ...sound.slice(0, 4)];
  const { stdout } = await run(
    'ffmpeg',
    [...QUIET, ...inputs, ...sound.slice(4), ...codec, '-f', options.format, 'pipe:1'],
    { encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES },
  );
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
export async function presentationTimes(media: Buffer, stream = 'v:0'): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-media-'));
  try {
    const file = join(folder, 'media');
    await writeFile(file, media);
    const { stdout } = await run('ffprobe', [...PROBE, '-select_streams', stream, file]);
    return stdout
      .split('\n')
      .map((line) => Number.parseFloat(line))
      .filter((time) => !Number.isNaN(time));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An FLV file without its header: what a server sends on when its encoder changes. */
export function withoutFlvHeader(file: Buffer): Buffer {
  return file.subarray(13);
}

const QUIET = '-hide_banner -loglevel error -nostdin -y'.split(' ');
const PROBE = '-v fatal -show_entries packet=pts_time -of csv=p=0'.split(' ');
