import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { branchFolders } from '../../../activities/recording/folders.js';
import { formatManifestLine, type SegmentLine } from '../../../core/manifest/index.js';

/** A recording as a run leaves it: segments of ffmpeg and a manifest that names them. */
export class RecordingWriter {
  readonly #folders;
  #count = 0;

  constructor(dataDir: string, instance: string, branch = 'recording') {
    this.#folders = branchFolders(dataDir, instance, branch);
  }

  pathOf({ file }: Pick<SegmentLine, 'file'>): string {
    return join(this.#folders.folder, file);
  }

  /** Records and closes a segment that ends at an instant. `media` is what ffmpeg makes of nothing, before the output. */
  async segment(media: readonly string[], endMs: number, seconds: number): Promise<SegmentLine> {
    this.#count += 1;
    const file = `20260101T100000Z-1-${this.#count}.ts`;
    await mkdir(this.#folders.folder, { recursive: true });
    const args = ['-nostdin', '-v', 'error', ...media, '-t', String(seconds), '-f', 'mpegts'];
    await execa('ffmpeg', [...args, this.pathOf({ file })]);
    const line: SegmentLine = {
      type: 'segment',
      file,
      start: new Date(endMs - seconds * 1_000).toISOString(),
      end: new Date(endMs).toISOString(),
      bytes: 1,
      frames: 10 * seconds,
      run: 1,
    };
    await this.note(formatManifestLine(line));
    return line;
  }

  async note(text: string): Promise<void> {
    await mkdir(this.#folders.folder, { recursive: true });
    await appendFile(this.#folders.manifestFile, text);
  }
}

/** A picture of one colour, with a key frame each so many pictures at 10 a second. */
export function coloured(colour: string, keyEvery = 10): readonly string[] {
  return pictured(`color=${colour}:size=640x360:rate=10`, keyEvery);
}

/** One colour up to an instant, then another. */
export function changing(before: string, after: string, atSecond: number, keyEvery: number): string[] {
  const video = `color=${before}:size=640x360:rate=10,drawbox=c=${after}:t=fill:enable='gte(t,${atSecond})'`;
  return pictured(video, keyEvery);
}

function pictured(video: string, keyEvery: number): string[] {
  return [
    ['-f', 'lavfi', '-i', video, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ['-g', String(keyEvery), '-keyint_min', String(keyEvery), '-sc_threshold', '0'],
  ].flat();
}

/** Sound alone. */
export const SOUND_ALONE: readonly string[] = ['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'aac'];

/** The colour of the middle of a picture: which of red, green and blue prevails. */
export async function colourOf(jpeg: Uint8Array): Promise<'red' | 'green' | 'blue'> {
  const args = ['-v', 'error', '-i', 'pipe:0', '-vf', 'crop=2:2', '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const { stdout } = await execa('ffmpeg', [...args, 'pipe:1'], { input: jpeg, encoding: 'buffer' });
  const [red = 0, green = 0, blue = 0] = stdout;
  if (red > green && red > blue) return 'red';
  return green > blue ? 'green' : 'blue';
}
