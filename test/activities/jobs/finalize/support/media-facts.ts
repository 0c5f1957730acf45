import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface MediaFacts {
  readonly durationSeconds: number;
  /** `video h264 75`: kind, codec and number of packets of each stream; what carries chapters is left out. */
  readonly streams: readonly string[];
  readonly chapters: readonly {
    readonly startSeconds: number;
    readonly endSeconds: number;
    readonly title: string;
  }[];
  readonly tags: Readonly<Record<string, string>>;
}

interface Answer {
  readonly format: { readonly duration: string; readonly tags?: Record<string, string> };
  readonly streams: {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly nb_frames?: string;
  }[];
  readonly chapters: {
    readonly start_time: string;
    readonly end_time: string;
    readonly tags?: { title?: string };
  }[];
}

/** What ffprobe says of a file. */
export async function mediaFacts(file: string): Promise<MediaFacts> {
  const words = ['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', file];
  const answer = JSON.parse((await run('ffprobe', words)).stdout) as Answer;
  return {
    durationSeconds: Number(answer.format.duration),
    streams: answer.streams
      .filter(({ codec_type }) => codec_type !== 'data')
      .map(({ codec_type, codec_name, nb_frames }) => `${codec_type} ${codec_name} ${nb_frames ?? '1'}`),
    chapters: answer.chapters.map(({ start_time, end_time, tags }) => ({
      startSeconds: Number(start_time),
      endSeconds: Number(end_time),
      title: tags?.title ?? '',
    })),
    tags: answer.format.tags ?? {},
  };
}

/** The kinds of the boxes of an MP4, in order. */
export async function topBoxes(file: string): Promise<string[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const names: string[] = [];
    const head = Buffer.alloc(16);
    for (let offset = 0; offset < size;) {
      await handle.read(head, 0, 16, offset);
      names.push(head.toString('latin1', 4, 8));
      const length = head.readUInt32BE(0);
      offset += length === 1 ? Number(head.readBigUInt64BE(8)) : length || size;
    }
    return names;
  } finally {
    await handle.close();
  }
}
