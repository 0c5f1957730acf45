import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../../test/support/cluster.js';

/** One way to record a source, for a comparison on the same source at the same time. */
export interface Recorder {
  readonly name: string;
  start(url: string, folder: string): Promise<void>;
  /** Shoots the recording process, as the out-of-memory killer would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Media files in the order of recording. */
  files(): Promise<string[]>;
}

/** A program that is started again after `restartMs`, or not at all. */
export class ProgramRecorder implements Recorder {
  readonly name: string;
  readonly #argvOf: (url: string, file: string) => readonly string[];
  readonly #restartMs: number | null;
  #child: ChildProcess | undefined;
  #folder = '';
  #runs = 0;
  #stopping = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(
    name: string,
    restartMs: number | null,
    argvOf: (url: string, file: string) => readonly string[],
  ) {
    this.name = name;
    this.#restartMs = restartMs;
    this.#argvOf = argvOf;
  }

  async start(url: string, folder: string): Promise<void> {
    this.#folder = folder;
    this.#runs = 0;
    this.#stopping = false;
    await mkdir(folder, { recursive: true });
    this.#run(url);
  }

  kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(force);
  }

  async files(): Promise<string[]> {
    const names = await readdir(this.#folder);
    return names
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => join(this.#folder, name));
  }

  #run(url: string): void {
    this.#runs += 1;
    const file = join(this.#folder, `${String(this.#runs).padStart(4, '0')}.ts`);
    const [program = '', ...args] = this.#argvOf(url, file);
    const child = spawn(program, args, { stdio: 'ignore' });
    this.#child = child;
    child.once('error', () => undefined);
    child.once('exit', () => {
      if (this.#stopping || this.#restartMs === null) return;
      this.#restart = setTimeout(() => this.#run(url), this.#restartMs);
    });
  }
}

/** holdfast with default settings: one stream of a cluster. */
export class HoldfastRecorder implements Recorder {
  readonly name = 'holdfast';
  readonly #cluster: Cluster;
  readonly #kind: string;
  #id = '';
  static #streams = 0;

  constructor(cluster: Cluster, kind: string) {
    this.#cluster = cluster;
    this.#kind = kind;
  }

  get id(): string {
    return this.#id;
  }

  async start(url: string): Promise<void> {
    HoldfastRecorder.#streams += 1;
    const id = `${this.#kind}-${HoldfastRecorder.#streams}`;
    this.#id = `stream/${id}`;
    await this.#cluster.startStream({ id, resolver: { kind: 'direct', url } });
    await this.#cluster.untilState(this.#id, 'running', 60_000);
  }

  async kill(): Promise<void> {
    const { processesOf } = await import('../../test/support/cluster.js');
    const pattern = new RegExp(`^\\S*ffmpeg .*\\n[^]*/${this.#id.split('/')[1]}/`);
    for (const pid of await processesOf(this.#cluster.dataDir, pattern)) process.kill(pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    const handle = this.#cluster.client.workflow.getHandle(this.#id);
    await handle.signal('stop');
    await handle.result();
  }

  async files(): Promise<string[]> {
    return await this.#cluster.mediaFiles(this.#id);
  }

  /** Seconds that the manifest admits to have missed. */
  async admittedSeconds(): Promise<number> {
    const gaps = (await this.#cluster.manifest(this.#id)).filter(({ type }) => type === 'gap');
    return gaps.reduce(
      (sum, { from, to }) => sum + (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1_000,
      0,
    );
  }
}

const COPY = ['-map', '0', '-c', 'copy', '-f', 'mpegts'];
const FFMPEG = ['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-y'];
const RECONNECT = ['-reconnect', '1', '-reconnect_streamed', '1', '-reconnect_on_network_error', '1'];
const RECONNECT_FURTHER = ['-reconnect_at_eof', '1', '-reconnect_delay_max', '5'];
const READ_TIMEOUT = ['-rw_timeout', '15000000'];

/** ffmpeg with the reconnect flags that people recommend. */
export function ffmpegReconnecting(): Recorder {
  const flags = [...RECONNECT, ...RECONNECT_FURTHER];
  const argvOf = (url: string, file: string) => [...FFMPEG, ...flags, '-i', url, ...COPY, file];
  return new ProgramRecorder('ffmpeg, reconnect flags', 5_000, argvOf);
}

/** ffmpeg in the usual shell loop. */
export function ffmpegRestartLoop(): Recorder {
  const argvOf = (url: string, file: string) => [...FFMPEG, ...READ_TIMEOUT, '-i', url, ...COPY, file];
  return new ProgramRecorder('ffmpeg, 5 s restart loop', 5_000, argvOf);
}

/** ffmpeg's own HLS demuxer, left alone. */
export function ffmpegHls(): Recorder {
  const argvOf = (url: string, file: string) => [...FFMPEG, '-i', url, ...COPY, file];
  return new ProgramRecorder('ffmpeg', null, argvOf);
}
