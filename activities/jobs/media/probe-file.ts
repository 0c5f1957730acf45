import { execa } from 'execa';
import { z } from 'zod';
import { limited } from '../../device/limited.js';

/** What a container says of its streams. */
export interface FileFormat {
  /** The earliest instant of any stream; 0 when the file does not say. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly streams: readonly FileStream[];
}

export interface FileStream {
  readonly index: number;
  readonly kind: 'video' | 'audio' | 'other';
  readonly codec: string;
  readonly profile: string;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Of the codec's own header; empty when there is none. */
  readonly headerHash: string;
  /** Packets that the container counts; 0 when it does not. */
  readonly packets: number;
  readonly durationMs: number;
}

/** A file whose disk does not answer must not hold a step for ever. */
const PROBE_LIMIT_MS = 60_000;
const COMPLAINT_LENGTH_MAX = 500;
const ENTRIES =
  'format=start_time,duration:stream=index,codec_type,codec_name,profile,width,height,pix_fmt,sample_rate,channels,extradata_hash,nb_frames,duration';

const numberWord = z.coerce.number().catch(0);
const streamSchema = z.object({
  index: z.number(),
  codec_type: z.string().catch(''),
  codec_name: z.string().catch(''),
  profile: z.union([z.string(), z.number()]).catch('').transform(String),
  width: numberWord,
  height: numberWord,
  pix_fmt: z.string().catch(''),
  sample_rate: numberWord,
  channels: numberWord,
  extradata_hash: z.string().catch(''),
  nb_frames: numberWord,
  duration: numberWord,
});
const answerSchema = z.object({
  streams: z.array(streamSchema).catch([]),
  format: z.object({ start_time: numberWord, duration: numberWord }),
});

/** Asks ffprobe about a file. A file that cannot be opened is a fact and no error. */
export async function probeFile(
  ffprobePath: string,
  file: string,
): Promise<FileFormat | { readonly problem: string }> {
  const words = [
    '-v',
    'error',
    '-show_data_hash',
    'MD5',
    '-show_entries',
    ENTRIES,
    '-of',
    'json',
    '-i',
    file,
  ];
  const [program, ...args] = limited([ffprobePath, ...words], PROBE_LIMIT_MS);
  const end = await execa(program, args, { reject: false, stdin: 'ignore' });
  if (end.exitCode === undefined) throw end;
  const answer = end.exitCode === 0 ? answerSchema.safeParse(JSON.parse(end.stdout)) : null;
  if (answer === null || !answer.success) {
    const complaint = end.stderr.trim().split('\n').at(-1) ?? '';
    return { problem: (complaint || 'it cannot be opened').slice(0, COMPLAINT_LENGTH_MAX) };
  }
  const { format, streams } = answer.data;
  return {
    startMs: format.start_time * 1_000,
    durationMs: format.duration * 1_000,
    streams: streams.map(asStream),
  };
}

function asStream(stream: z.output<typeof streamSchema>): FileStream {
  const { codec_type: kind } = stream;
  return {
    index: stream.index,
    kind: kind === 'video' || kind === 'audio' ? kind : 'other',
    codec: stream.codec_name,
    profile: stream.profile,
    width: stream.width,
    height: stream.height,
    pixelFormat: stream.pix_fmt,
    sampleRate: stream.sample_rate,
    channels: stream.channels,
    headerHash: stream.extradata_hash,
    packets: stream.nb_frames,
    durationMs: stream.duration * 1_000,
  };
}

/** True when the stream's parameters are known: audio that was announced and never came has no sample rate. */
export function isUsable(stream: FileStream): boolean {
  if (stream.codec === '' || stream.kind === 'other') return false;
  return stream.kind === 'video' ? stream.width > 0 && stream.height > 0 : stream.sampleRate > 0;
}
