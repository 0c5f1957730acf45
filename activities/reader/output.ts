import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { OutputClosed } from './reader-failure.js';

const STDOUT_FD = 1;

/** Where media goes: writes wait until the program behind has taken them. */
export interface MediaOutput {
  /** Resolves when the bytes are on their way; rejects with `OutputClosed` when nobody reads any more. */
  write(bytes: Buffer): Promise<void>;
  /** Aborted when a write has found that nobody reads any more; while nothing is written this cannot be known. */
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
  return {
    closed: closed.signal,
    write: (bytes) => writeTo(stream, bytes),
    end: () =>
      new Promise((resolve) => {
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
