import { execa } from 'execa';
import { LIMIT_REACHED_STATUS, limited } from '../device/limited.js';

/** Where a frame is taken from. */
export interface PictureSource {
  /** How ffmpeg reads it: everything up to and including `-i`. */
  readonly input: readonly string[];
  /** Time for a key frame to come by. */
  readonly limitMs: number;
  /** What is said when none did. */
  readonly silence: string;
}

/** A picture, or why there is none. */
export type Picture =
  { readonly kind: 'picture'; readonly jpeg: Buffer } | { readonly kind: 'none'; readonly detail: string };

/** Largest picture: it travels as base64 through a workflow's history. */
export const PICTURE_BYTES_MAX = 300_000;
/** Picture from which each candidate is made: noise in the best quality has about 2 MB. */
const CANDIDATE_BYTES_MAX = 16_000_000;
/** The last words of ffmpeg; nobody reads more. */
const DETAIL_LENGTH_MAX = 200;
/** Descriptor of the second candidate; 0 to 2 have their usual meaning. */
const EXTRA_DESCRIPTOR = 3;

interface Candidate {
  /** The longer side in pixels, at most. */
  readonly sidePixels: number;
  /** ffmpeg's scale for JPEG: 2 is best, 31 is smallest. */
  readonly quality: number;
}

/** One frame is encoded in each of these ways; the first that is small enough is taken. Noise fits with the last. */
const CANDIDATES: readonly Candidate[] = [
  { sidePixels: 1280, quality: 4 },
  { sidePixels: 1280, quality: 12 },
  { sidePixels: 960, quality: 20 },
  { sidePixels: 480, quality: 31 },
];

/** Takes the next key frame as a JPEG of at most 1280 pixels and 300 KB. Ends within the limit. Never throws. */
export async function takePicture(ffmpegPath: string, source: PictureSource): Promise<Picture> {
  const [program, ...args] = limited([ffmpegPath, ...pictureArguments(source)], source.limitMs);
  const end = await execa(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...CANDIDATES.slice(1).map(() => 'pipe' as const)],
    encoding: 'buffer',
    maxBuffer: CANDIDATE_BYTES_MAX,
    reject: false,
  });
  const candidates = CANDIDATES.map((_candidate, index) => outputOf(end.stdio, index));
  const jpeg = candidates.find((bytes) => isJpeg(bytes) && bytes.length <= PICTURE_BYTES_MAX);
  if (jpeg !== undefined) return { kind: 'picture', jpeg };
  if (end.exitCode === LIMIT_REACHED_STATUS) return { kind: 'none', detail: source.silence };
  return { kind: 'none', detail: whyNone(Buffer.from(end.stderr).toString(), end.shortMessage) };
}

/** Decodes key frames only, and hands each on at once: what lies between them would be broken at first, and costs time. */
function pictureArguments({ input }: PictureSource): string[] {
  return [
    ['-nostdin', '-hide_banner', '-loglevel', 'error'],
    ['-threads', '1', '-flags', 'low_delay', '-skip_frame', 'nokey'],
    input,
    CANDIDATES.flatMap((candidate, index) => outputArguments(candidate, descriptorOf(index))),
  ].flat();
}

function outputArguments({ sidePixels, quality }: Candidate, descriptor: number): string[] {
  const box = `w='min(${sidePixels},iw)':h='min(${sidePixels},ih)'`;
  const filter = `scale=${box}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  return [
    ['-map', '0:v:0', '-frames:v', '1', '-vf', filter, '-pix_fmt', 'yuvj420p'],
    ['-c:v', 'mjpeg', '-q:v', String(quality), '-f', 'image2pipe', `pipe:${descriptor}`],
  ].flat();
}

function descriptorOf(candidate: number): number {
  return candidate === 0 ? 1 : EXTRA_DESCRIPTOR + candidate - 1;
}

function outputOf(stdio: readonly unknown[], candidate: number): Buffer {
  const bytes = stdio[descriptorOf(candidate)];
  return bytes instanceof Uint8Array ? Buffer.from(bytes) : Buffer.alloc(0);
}

/** Begins and ends as a JPEG must: one that was cut off is none. */
function isJpeg(bytes: Buffer): boolean {
  return (
    bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes.readUInt16BE(bytes.length - 2) === 0xffd9
  );
}

function whyNone(stderr: string, message: string | undefined): string {
  // What ffmpeg says of this is about its own options.
  if (stderr.includes('matches no streams')) return 'there are no pictures in it, only sound';
  const lastLine = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return (lastLine || message || 'ffmpeg ended without a picture').slice(0, DETAIL_LENGTH_MAX);
}
