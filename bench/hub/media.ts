import { execFile } from 'node:child_process';
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Longer than any case takes, so that no picture comes twice. */
const LENGTH_SECONDS = 30;
const FOLDER = join(tmpdir(), 'holdfast-bench-media');

/** Noise is what makes every picture different, and as large as it is asked to be. */
export const PICTURES = 'testsrc2=size=640x360:rate=25,noise=alls=100:allf=t';
export const SOUND = 'sine=frequency=440:sample_rate=48000';

/** Pictures of this bitrate with a little sound, encoded once and kept for later runs of the benchmark. */
export async function mediaOf(megabits: number): Promise<string> {
  const file = join(FOLDER, `${megabits}-megabits-${LENGTH_SECONDS}-s.ts`);
  if ((await stat(file).catch(() => null)) !== null) return file;
  await mkdir(FOLDER, { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  const words = [
    ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', PICTURES, '-f', 'lavfi', '-i', SOUND],
    ['-t', String(LENGTH_SECONDS), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ['-b:v', `${megabits}M`, '-maxrate', `${megabits}M`, '-bufsize', `${2 * megabits}M`],
    ['-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-c:a', 'aac', '-b:a', '64k'],
    ['-f', 'mpegts', '-y', partial],
  ].flat();
  await run('ffmpeg', words);
  await rename(partial, file);
  return file;
}
