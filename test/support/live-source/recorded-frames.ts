import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CODE_BYTES, CODE_FILTER, readPictureNumber } from './picture.js';

const run = promisify(execFile);
/** An hour of pictures. */
const MAX_OUTPUT_BYTES = 25 * 3_600 * CODE_BYTES;

const INPUT_ARGUMENTS = ['-hide_banner', '-loglevel', 'fatal', '-nostdin', '-i'];
const OUTPUT_ARGUMENTS = `-map 0:v:0 -vf ${CODE_FILTER} -fps_mode passthrough -f rawvideo pipe:1`.split(' ');

const FIRST_PICTURE_ARGUMENTS =
  '-v error -select_streams v:0 -read_intervals %+#1 -show_entries packet=pts -of csv=p=0'.split(' ');

/** A run of picture numbers, both ends included. */
export interface FrameRange {
  readonly from: number;
  readonly to: number;
}

/** Decodes a recording of a live source and reads the number of each picture, in order, whatever its time stamps say. */
export async function readFrameNumbers(file: string): Promise<number[]> {
  if (!(await hasPictures(file))) return [];
  const { stdout } = await run('ffmpeg', [...INPUT_ARGUMENTS, file, ...OUTPUT_ARGUMENTS], {
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  const numbers: number[] = [];
  for (let offset = 0; offset + CODE_BYTES <= stdout.length; offset += CODE_BYTES) {
    numbers.push(readPictureNumber(stdout.subarray(offset, offset + CODE_BYTES)));
  }
  return numbers;
}

/** A connection that broke before the first key frame leaves a little sound and no picture. */
async function hasPictures(file: string): Promise<boolean> {
  const { stdout } = await run('ffprobe', [...FIRST_PICTURE_ARGUMENTS, file]);
  return stdout.trim() !== '';
}

/** The holes between the first and the last picture of a recording. */
export function missingFrames(numbers: readonly number[]): FrameRange[] {
  const sorted = [...new Set(numbers)].sort((left, right) => left - right);
  return sorted.flatMap((number, index) => {
    const next = sorted[index + 1];
    return next === undefined || next === number + 1 ? [] : [{ from: number + 1, to: next - 1 }];
  });
}
