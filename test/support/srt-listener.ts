import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeUdpPort } from './free-port.js';

/** An SRT server that takes one caller after the other and writes each one's stream into a file. */
export interface SrtListener {
  readonly port: number;
  /** Where a caller connects; with the right passphrase when there is one. */
  readonly url: string;
  /** The MPEG-TS files, oldest first. */
  recordings(): Promise<string[]>;
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Listens again on the same port, into a new file. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface SrtListenerOptions {
  /** 10 to 79 characters; callers with another are refused. */
  readonly passphrase?: string;
  /**
   * What comes later than this is dropped by SRT itself, and what came within it is lost at the end. Default: its usual 120 ms, which is
   * less than a busy machine may keep a process waiting: who counts pictures in the middle of a stream wants more.
   */
  readonly latencyMs?: number;
}

/** Starts a listener. A caller that comes before it is ready tries again by itself for as long as its connect timeout says. */
export async function startSrtListener(options: SrtListenerOptions = {}): Promise<SrtListener> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-srt-'));
  const port = await freeUdpPort();
  const secret = options.passphrase === undefined ? '' : `&passphrase=${options.passphrase}`;
  const latency = options.latencyMs === undefined ? '' : `&latency=${options.latencyMs * 1_000}`;
  let isWanted = true;
  let count = 0;
  let ffmpeg: ChildProcess;
  const listen = (): void => {
    count += 1;
    const file = join(folder, `${String(count).padStart(4, '0')}.ts`);
    const input = `srt://127.0.0.1:${port}?mode=listener${latency}${secret}`;
    const child = spawn(
      'ffmpeg',
      [
        '-nostdin',
        '-loglevel',
        'quiet',
        '-f',
        'mpegts',
        '-i',
        input,
        '-map',
        '0',
        '-c',
        'copy',
        '-flush_packets',
        '1',
        file,
      ],
      { stdio: 'ignore' },
    );
    // A refused or departed caller ends ffmpeg; the next one is waited for.
    child.once('exit', () => {
      if (isWanted && child === ffmpeg) listen();
    });
    ffmpeg = child;
  };
  const kill = async (): Promise<void> => {
    isWanted = false;
    if (ffmpeg.exitCode !== null || ffmpeg.signalCode !== null) return;
    const ended = once(ffmpeg, 'exit');
    ffmpeg.kill('SIGKILL');
    await ended;
  };
  listen();
  return {
    port,
    url: `srt://127.0.0.1:${port}${secret.replace('&', '?')}`,
    recordings: async () => (await readdir(folder)).sort().map((file) => join(folder, file)),
    pause: () => void ffmpeg.kill('SIGSTOP'),
    resume: () => void ffmpeg.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      isWanted = true;
      listen();
    },
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
