import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Video packets of a file as ffprobe sees them. */
export async function countPictures(file: string): Promise<number> {
  const counted = '-v error -select_streams v:0 -count_packets -show_entries stream=nb_read_packets';
  const { stdout } = await execute('ffprobe', [...counted.split(' '), '-of', 'csv=p=0', file]);
  return Number(stdout.trim().split('\n')[0]);
}
