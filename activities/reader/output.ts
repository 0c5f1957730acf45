import { closeSync, constants, createWriteStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { OutputClosed } from './reader-failure.js';

const STDOUT_FD = 1;
/** How often a silent output is looked at, so that a source without data does not outlive its recorder for long. */
const READER_CHECK_INTERVAL_MS = 1_000;

/** Where media goes: writes wait until the program behind has taken them. */
export interface MediaOutput {
  /** Resolves when the bytes are on their way; rejects with `OutputClosed` when nobody reads any more. */
  write(bytes: Buffer): Promise<void>;
  /** Aborted when nobody reads any more, also while nothing is written. */
  readonly closed: AbortSignal;
  /** Hands over what is still queued and closes; resolves in any case. */
  end(): Promise<void>;
}

/** Opens standard output for media. */
export function openMediaOutput(): MediaOutput {
  const stats = fstatSync(STDOUT_FD);
  const stream: Writable =
    stats.isFIFO() || stats.isSocket()
      ? new Socket({ fd: STDOUT_FD, readable: false, writable: true })
      : createWriteStream('', { fd: STDOUT_FD });
  const closed = new AbortController();
  stream.on('error', () => closed.abort(new OutputClosed()));
  stream.on('close', () => closed.abort(new OutputClosed()));
  const check = stats.isFIFO() ? watchPipeReader(closed) : null;
  return {
    closed: closed.signal,
    write: (bytes) => writeTo(stream, bytes),
    end: () =>
      new Promise((resolve) => {
        clearInterval(check ?? undefined);
        stream.once('close', resolve);
        if (stream.destroyed) resolve();
        else stream.end();
      }),
  };
}

function writeTo(stream: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed || stream.writableEnded) {
      reject(new OutputClosed());
      return;
    }
    stream.write(bytes, (error) => (error ? reject(new OutputClosed()) : resolve()));
  });
}

/** A pipe without a reader cannot be opened for writing without waiting: ENXIO says that the reader has gone. */
function watchPipeReader(closed: AbortController): NodeJS.Timeout {
  const timer = setInterval(() => {
    try {
      closeSync(openSync(`/proc/self/fd/${STDOUT_FD}`, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENXIO') closed.abort(new OutputClosed());
    }
  }, READER_CHECK_INTERVAL_MS);
  return timer.unref();
}
