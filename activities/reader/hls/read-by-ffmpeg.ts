import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { requestHeaders, type ReaderContext } from '../context.js';
import { ReaderFailure } from '../reader-failure.js';
import type { ReaderEnd } from '../spec.js';

/** A child that does not end within this time after SIGINT is killed. */
const STOP_TIMEOUT_MS = 1_500;
/** The last line of a tool is enough for a message; the whole text goes to stderr. */
const MAX_TAIL_CHARACTERS = 2_000;

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'];

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Reads a show that we do not put together ourselves (separate sound, SAMPLE-AES) by a child ffmpeg and passes its
 * MPEG-TS on. Such a show cannot be taken up at a segment.
 */
export async function readByFfmpeg(context: ReaderContext): Promise<ReaderEnd> {
  const child = spawn('ffmpeg', ffmpegArguments(context), { stdio: ['ignore', 'pipe', 'pipe'] });
  const tail = collectTail(child);
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const release = endWithUs(child, context.signal);
  try {
    for await (const chunk of child.stdout) await context.output.write(chunk as Buffer);
    const [exitCode, signal] = await exited;
    context.signal.throwIfAborted();
    if (exitCode === 0) return { reason: 'eof', message: lastLine(tail()) || 'ffmpeg ended' };
    const ending = signal ?? `exit status ${exitCode ?? 'unknown'}`;
    throw new ReaderFailure(`ffmpeg: ${ending}: ${lastLine(tail())}`, { errorCode: 'FFMPEG_EXIT' });
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn')) {
      throw new ReaderFailure('ffmpeg cannot be started', { errorCode: 'ENOENT' }, { cause: error });
    }
    throw error;
  } finally {
    release();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

function ffmpegArguments(context: ReaderContext): string[] {
  const { 'User-Agent': userAgent, Accept: _accept, ...headers } = requestHeaders(context.spec);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const identity = userAgent === undefined ? [] : ['-user_agent', userAgent];
  const others = lines.length === 0 ? [] : ['-headers', lines.join('')];
  const input = ['-rw_timeout', '15000000', '-live_start_index', '-3', '-i', context.spec.url];
  const output = ['-c', 'copy', '-f', 'mpegts', '-flush_packets', '1', 'pipe:1'];
  return [...QUIET, ...identity, ...others, ...input, ...output];
}

/** Passes the child's messages on and keeps the end of them. */
function collectTail(child: Child): () => string {
  let tail = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    process.stderr.write(text);
    tail = (tail + text).slice(-MAX_TAIL_CHARACTERS);
  });
  return () => tail;
}

/** The last line, with the query of every address removed. */
function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line.replace(/(https?:\/\/[^\s?'"]+)\?[^\s'"]*/g, '$1').slice(0, 300);
}

/** Ends the child when we are to end: politely first, so that its last packets come through. */
function endWithUs(child: Child, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGINT');
    timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
}
