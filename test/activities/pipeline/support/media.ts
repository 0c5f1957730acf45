import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export interface Packet {
  readonly type: 'video' | 'audio';
  readonly ptsSeconds: number;
  readonly dtsSeconds: number;
  readonly isKey: boolean;
}

/** The packets of a file in the order in which they are stored. */
export async function packetsOf(file: string): Promise<Packet[]> {
  const entries = 'packet=codec_type,pts_time,dts_time,flags';
  const { stdout } = await execute(
    'ffprobe',
    ['-v', 'quiet', '-show_entries', entries, '-of', 'json', file],
    { maxBuffer: OUTPUT_BYTES_MAX },
  );
  const { packets } = JSON.parse(stdout) as { packets?: Record<string, string>[] };
  return (packets ?? []).map((packet) => ({
    type: packet['codec_type'] as Packet['type'],
    ptsSeconds: Number(packet['pts_time']),
    dtsSeconds: Number(packet['dts_time']),
    isKey: packet['flags']?.startsWith('K') === true,
  }));
}

/** Codec and size of each stream, e.g. `h264 320x180` and `aac`, in order of their names. */
export async function streamsOf(file: string): Promise<string[]> {
  const { stdout } = await execute(
    'ffprobe',
    [['-v', 'quiet', '-show_entries', 'stream=codec_name,width,height', '-of', 'json', file]].flat(),
  );
  const { streams } = JSON.parse(stdout) as {
    streams: { codec_name: string; width?: number; height?: number }[];
  };
  return streams
    .map(({ codec_name, width, height }) =>
      width === undefined ? codec_name : `${codec_name} ${width}x${height}`,
    )
    .sort();
}

/** What each picture of a file shows, as a hash. Damaged pictures count as what a decoder makes of them. */
export async function picturesOf(file: string): Promise<string[]> {
  const { stdout } = await execute(
    'ffmpeg',
    [
      '-v',
      'quiet',
      '-i',
      file,
      '-map',
      '0:v:0',
      '-fps_mode',
      'passthrough',
      '-f',
      'framehash',
      '-hash',
      'md5',
      '-',
    ],
    { maxBuffer: OUTPUT_BYTES_MAX },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** Types of the NAL units of the picture stream, access unit by access unit. */
export async function unitTypesOf(file: string): Promise<number[][]> {
  const { stdout } = await execute(
    'ffmpeg',
    ['-v', 'quiet', '-i', file, '-map', '0:v:0', '-c', 'copy', '-f', 'h264', '-'],
    { encoding: 'buffer', maxBuffer: OUTPUT_BYTES_MAX },
  );
  const accessUnits: number[][] = [];
  for (let at = stdout.indexOf(START_CODE); at >= 0; at = stdout.indexOf(START_CODE, at + 3)) {
    const type = (stdout[at + 3] ?? 0) & 0x1f;
    if (type === ACCESS_UNIT_DELIMITER) accessUnits.push([]);
    else accessUnits.at(-1)?.push(type);
  }
  return accessUnits;
}

const START_CODE = Buffer.from([0, 0, 1]);
const ACCESS_UNIT_DELIMITER = 9;
