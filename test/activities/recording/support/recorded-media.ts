import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Video packets of a file as ffprobe sees them. */
export async function countPictures(file: string): Promise<number> {
  const counted = '-v error -select_streams v:0 -count_packets -show_entries stream=nb_read_packets';
  const { stdout } = await execute('ffprobe', [...counted.split(' '), '-of', 'csv=p=0', file]);
  return Number(stdout.trim().split('\n')[0]);
}

/** Presentation times of the pictures of several files in a row, in seconds. */
export async function recordedTimes(files: readonly string[]): Promise<number[]> {
  const wanted = '-v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0';
  const times: number[] = [];
  for (const file of files) {
    const { stdout } = await execute('ffprobe', [...wanted.split(' '), file]);
    times.push(
      ...stdout
        .split('\n')
        .filter((line) => line !== '')
        .map(Number.parseFloat),
    );
  }
  return times;
}
