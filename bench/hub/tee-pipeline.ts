import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderArguments } from '../../activities/pipeline/encoder-arguments.js';
import { REPEAT_HEADERS } from '../../activities/pipeline/hub.js';
import { until } from '../../test/support/cluster.js';
import { groupSeconds } from '../process-time.js';
import { filesIn, hasGrown } from './output-files.js';
import type { Feed, NoticedLosses, Pipeline, PipelineSeconds } from './pipeline.js';

const START_TIMEOUT_MS = 60_000;
/** What people recommend for an output that may fail: it is tried again every 5 s, and never holds up the others. */
const FIFO_OPTIONS = [
  'attempt_recovery=1',
  'recover_any_error=1',
  'recovery_wait_time=5',
  'drop_pkts_on_overflow=1',
  'restart_with_keyframe=1',
].join(':');

/** Words of one ffmpeg that serves all `targets`, each `[options]address` as the tee muxer wants them, through queues of their own. */
export function teeCommand(feed: Feed, targets: readonly string[]): string[] {
  const codecs = feed.encode === null ? ['-c', 'copy'] : encoderArguments(feed.encode, true).output;
  return [
    ['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-nostats', ...feed.input],
    ['-map', '0:v', '-map', feed.encode === null ? '0:a' : '0:a?', ...codecs, ...REPEAT_HEADERS],
    ['-f', 'tee', '-use_fifo', '1', '-fifo_options', FIFO_OPTIONS, targets.join('|')],
  ].flat();
}

/** A program in a group of its own, with what it printed. */
export class TeeProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(argv: readonly string[]) {
    const [program = '', ...words] = argv;
    this.#child = spawn(program, words, { stdio: 'ignore', detached: true });
    this.#ended = once(this.#child, 'exit');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGINT');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(force);
  }
}

/** Everything in one ffmpeg: the first output writes segments, the others one file each. */
export class TeePipeline implements Pipeline {
  readonly name = 'tee';
  readonly #feed: Feed;
  readonly #folders: readonly string[];
  #process: TeeProcess | undefined;

  constructor(feed: Feed, folder: string, outputs: number) {
    this.#feed = feed;
    this.#folders = Array.from({ length: outputs }, (_, index) => join(folder, `tee-${index}`));
  }

  async start(): Promise<void> {
    for (const folder of this.#folders) await mkdir(folder, { recursive: true });
    const targets = this.#folders.map((folder, index) =>
      index === 0
        ? `[f=segment:segment_time=4:segment_format=mpegts:onfail=ignore]${join(folder, '%05d.ts')}`
        : `[f=mpegts:onfail=ignore]${join(folder, 'copy.ts')}`,
    );
    const tee = new TeeProcess(teeCommand(this.#feed, targets));
    this.#process = tee;
    await until(() => hasGrown(this.#folders), START_TIMEOUT_MS, 'tee to deliver');
  }

  async cpuSeconds(): Promise<PipelineSeconds> {
    return { all: await groupSeconds(this.#process?.pid ?? 0), outputs: [] };
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async files(): Promise<string[][]> {
    return await Promise.all(this.#folders.map(filesIn));
  }

  noticedLosses(): NoticedLosses {
    return { continuityErrors: null, droppedDatagrams: null };
  }
}
