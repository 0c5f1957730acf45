import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** An hour of pictures and sound. */
const MAX_OUTPUT_BYTES = 64_000_000;

/** What a container adds or takes away between the pictures: 6 to 9 are SEI, parameter sets and access unit delimiters. */
const PICTURES_ONLY = 'h264_mp4toannexb,filter_units=remove_types=6-9';
/** ADTS heads are the container's too. */
const SOUND_ONLY = 'aac_adtstoasc';

/** The sixth column; side data of the container may follow. */
const CHECKSUM_OF_A_PACKET = /^\d+,(?:[^,]*,){4} *([0-9a-f]{32})/;

/** Sound and picture of a file as far as every container tells them alike. */
export interface StreamFacts {
  readonly codec: string;
  /** `640x360 at 25/1`, or `48000 Hz, 1 channel`. */
  readonly format: string;
}

/** The streams of a file as ffprobe sees them, picture first. */
export async function streamFacts(file: string): Promise<StreamFacts[]> {
  const words = ['-v', 'error', '-show_streams', '-of', 'json', file];
  const { stdout } = await run('ffprobe', words, { maxBuffer: MAX_OUTPUT_BYTES });
  const { streams } = JSON.parse(stdout) as { streams: Record<string, string | number>[] };
  return streams
    .sort((left, right) => String(right['codec_type']).localeCompare(String(left['codec_type'])))
    .map((stream) => ({
      codec: String(stream['codec_name']),
      format:
        stream['codec_type'] === 'video'
          ? `${stream['width']}x${stream['height']} at ${stream['r_frame_rate']}`
          : `${stream['sample_rate']} Hz, ${stream['channels']} channels`,
    }));
}

/** A checksum of each coded picture, or piece of sound, of some files in order: the same whatever container it came in. */
export async function codedPackets(files: readonly string[], stream: 'v' | 'a'): Promise<string[]> {
  const filter = stream === 'v' ? PICTURES_ONLY : SOUND_ONLY;
  const checksums = await Promise.all(
    files.map(async (file) => {
      const words = ['-v', 'fatal', '-nostdin', '-i', file, '-map', `0:${stream}:0`, '-c', 'copy'];
      const { stdout } = await run('ffmpeg', [...words, `-bsf:${stream}`, filter, '-f', 'framemd5', '-'], {
        maxBuffer: MAX_OUTPUT_BYTES,
      });
      return stdout.split('\n').flatMap((line) => CHECKSUM_OF_A_PACKET.exec(line)?.[1] ?? []);
    }),
  );
  return checksums.flat();
}

/** The part of a sequence from the first to the last element that the other has too. */
export function commonPart(sequence: readonly string[], other: readonly string[]): string[] {
  const known = new Set(other);
  const first = sequence.findIndex((element) => known.has(element));
  const last = sequence.findLastIndex((element) => known.has(element));
  return first < 0 ? [] : sequence.slice(first, last + 1);
}
