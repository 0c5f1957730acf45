import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Hours of pictures. */
const MAX_OUTPUT_BYTES = 2 ** 26;

/**
 * Presentation times, or decoding times, of the packets of one stream, in seconds and in the order of the file; of the video unless told otherwise.
 * What a damaged file still holds counts, so nothing is refused.
 */
export async function packetTimes(
  file: string,
  { stream = 'v', time = 'pts' }: { stream?: 'v' | 'a'; time?: 'pts' | 'dts' } = {},
): Promise<number[]> {
  const what = ['-select_streams', `${stream}:0`, '-show_entries', `packet=${time}_time`];
  const { stdout } = await run('ffprobe', ['-v', 'fatal', ...what, '-of', 'csv=p=0', file], {
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return stdout
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter(Number.isFinite);
}

/** From one packet to the next in the order in which they are shown, in milliseconds: a hole or a jump shows as another step. */
export function stepsMs(times: readonly number[]): number[] {
  const timesMs = times.map((time) => Math.round(time * 1_000)).sort((left, right) => left - right);
  return timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? 0));
}

/** The steps between the pictures of a file, or its pieces of sound. */
export async function packetSteps(file: string, stream: 'v' | 'a' = 'v'): Promise<number[]> {
  return stepsMs(await packetTimes(file, { stream }));
}
