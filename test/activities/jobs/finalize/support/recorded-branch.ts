import { spawn } from 'node:child_process';
import { appendFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { branchFolders } from '../../../../../activities/recording/folders.js';
import { measureSegment } from '../../../../../activities/recording/measurement.js';
import {
  formatManifestLine,
  SEGMENT_EXTENSIONS,
  segmentPattern,
  stampOf,
  type GapLine,
  type SegmentLine,
} from '../../../../../core/manifest/index.js';
import type { Container } from '../../../../../core/run.js';
import {
  FRAMES_PER_SECOND,
  makePicture,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
} from '../../../../support/live-source/picture.js';

/** One run of a recorder, made faster than time goes by. */
export interface MadeRun {
  readonly run: number;
  readonly startMs: number;
  readonly seconds: number;
  readonly container?: Container;
  readonly segmentSeconds?: number;
  /** Number of the first picture. */
  readonly firstFrame?: number;
  /** Instant of the source's clock at the first picture, in MPEG-TS. */
  readonly sourceTimeSeconds?: number;
  readonly bFrames?: number;
  readonly sound?: 'tone' | 'none';
  readonly pictures?: boolean;
  /** Media that is lost: the clock of the source jumps here. */
  readonly hole?: { readonly atSeconds: number; readonly seconds: number };
  /** The sound begins so long before the first picture, as where a recorder takes sound at once and pictures from a key frame on. */
  readonly soundLeadSeconds?: number;
  /** Half of the usual size. */
  readonly small?: boolean;
}

const CONTAINER_WORDS: Readonly<Record<Container, string>> = {
  mpegts:
    '-copyts -avoid_negative_ts disabled -f segment -segment_format mpegts -segment_format_options mpegts_flags=+resend_headers:mpegts_copyts=1:avoid_negative_ts=disabled',
  fmp4: '-reset_timestamps 1 -f segment -segment_format mp4 -segment_format_options movflags=+frag_keyframe+empty_moov+default_base_moof:frag_duration=1000000',
  mkv: '-reset_timestamps 1 -f segment -segment_format matroska -segment_format_options cluster_time_limit=1000',
};

/** A branch with segments of numbered pictures and the manifest of them. Key frames are a second apart. */
export class RecordedBranch {
  readonly folder: string;
  readonly #manifestFile: string;

  constructor(dataDir: string, recording: string, branch: string) {
    const folders = branchFolders(dataDir, recording, branch);
    this.folder = folders.folder;
    this.#manifestFile = folders.manifestFile;
  }

  /** Makes the segments of a run and appends their lines. */
  async record(made: MadeRun): Promise<SegmentLine[]> {
    await mkdir(this.folder, { recursive: true });
    await encode(this.folder, made);
    const files = (await readdir(this.folder))
      .filter((file) => file.split('-')[1] === String(made.run))
      .sort();
    const lines: SegmentLine[] = [];
    let startMs = made.startMs;
    for (const file of files) {
      const line = await this.#lineOf(file, made.run, startMs);
      lines.push(line);
      startMs = Date.parse(line.end);
    }
    await this.append(...lines);
    return lines;
  }

  async append(...lines: readonly (SegmentLine | GapLine)[]): Promise<void> {
    await appendFile(this.#manifestFile, lines.map(formatManifestLine).join(''));
  }

  async gap(fromMs: number, toMs: number, cause: string): Promise<void> {
    const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString()) as [string, string];
    await this.append({ type: 'gap', from, to, cause, evidence: 'as the test wants it' });
  }

  async #lineOf(file: string, run: number, startMs: number): Promise<SegmentLine> {
    const path = join(this.folder, file);
    const measured = await measureSegment('ffprobe', path);
    if ('problem' in measured) throw new Error(`${file}: ${measured.problem}`);
    const endMs = startMs + measured.durationMs;
    const [start, end] = [startMs, endMs].map((ms) => new Date(Math.round(ms)).toISOString()) as [
      string,
      string,
    ];
    return {
      type: 'segment',
      file,
      start,
      end,
      bytes: (await stat(path)).size,
      frames: measured.frames,
      run,
    };
  }
}

async function encode(folder: string, made: MadeRun): Promise<void> {
  const { container = 'mpegts', segmentSeconds = 2, sound = 'tone', pictures = true } = made;
  const pattern = segmentPattern(stampOf(made.startMs), made.run, SEGMENT_EXTENSIONS[container]);
  const words = [
    ['-v', 'error', '-y'],
    inputWords(made, { pictures, sound }),
    pictures ? pictureWords(made) : [],
    sound === 'tone' ? ['-af', `asetpts=${shifted(made)}`, '-c:a', 'aac', '-b:a', '64k'] : [],
    CONTAINER_WORDS[container].split(' '),
    ['-segment_times', cutsOf(made, segmentSeconds), pattern],
  ].flat();
  const child = spawn('ffmpeg', words, { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  const first = made.firstFrame ?? 0;
  const end = pictures ? first + made.seconds * FRAMES_PER_SECOND : first;
  for (let frame = first; frame < end; frame += 1) {
    if (!child.stdin.write(makePicture(frame))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  const [status] = (await ended) as [number | null];
  if (status !== 0) throw new Error(`ffmpeg: ${log}`);
}

function inputWords(
  made: MadeRun,
  streams: { readonly pictures: boolean; readonly sound: 'tone' | 'none' },
): string[] {
  const size = `${PICTURE_WIDTH}x${PICTURE_HEIGHT}`;
  const rate = String(FRAMES_PER_SECOND);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-framerate', rate, '-i', 'pipe:0'];
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${made.seconds + leadOf(made)}`];
  return [...(streams.pictures ? raw : []), ...(streams.sound === 'tone' ? tone : [])];
}

function pictureWords(made: MadeRun): string[] {
  const size = made.small === true ? ',scale=160:90' : '';
  return [
    [
      '-vf',
      `setpts=${shifted(made, leadOf(made))}${size}`,
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1:90000',
    ],
    ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-keyint_min', '25', '-sc_threshold', '0'],
    ['-threads', '1', '-crf', '30', '-bf', String(made.bFrames ?? 0)],
  ].flat();
}

/** When a segment ends and the next one begins, on the clock of the source. */
function cutsOf(made: MadeRun, segmentSeconds: number): string {
  const cuts = Array.from({ length: Math.ceil(made.seconds / segmentSeconds) }, (_, index) =>
    String(offsetOf(made) + leadOf(made) + (index + 1) * segmentSeconds - 0.02),
  );
  return cuts.join(',');
}

function offsetOf({ sourceTimeSeconds = 10, container = 'mpegts' }: MadeRun): number {
  return container === 'mpegts' ? sourceTimeSeconds : 0;
}

function leadOf({ soundLeadSeconds = 0 }: MadeRun): number {
  return soundLeadSeconds;
}

/** The clock of the source, with the hole that is wanted. */
function shifted(made: MadeRun, laterSeconds = 0): string {
  const { hole } = made;
  const lost = hole === undefined ? '0' : `gte(T,${hole.atSeconds - 0.01})*${hole.seconds}`;
  return `'PTS+(${offsetOf(made) + laterSeconds}+${lost})/TB'`;
}
