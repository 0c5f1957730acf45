import { open, stat, truncate, type FileHandle } from 'node:fs/promises';

/** The server prints warnings only; more than this is noise from one lasting fault. */
export const LOG_BYTES_MAX = 8 * 1024 * 1024;
/** Enough of the end to see why a server did not start. */
const TAIL_BYTES = 8 * 1024;
const TAIL_LINES = 12;
const CHECK_EVERY_MS = 30_000;

/** Opens the log for appending. The file itself is handed to the server, because the server outlives a crash of this process. */
export async function openLog(file: string): Promise<FileHandle> {
  await boundLog(file);
  return open(file, 'a', 0o600);
}

/** The last lines of the log, for error messages. */
export async function logTail(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}

/** Keeps the log under its limit while the server runs; call the result to end that. */
export function keepLogBounded(file: string): () => void {
  const timer = setInterval(() => void boundLog(file).catch(() => undefined), CHECK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Empties a log that has grown too large. The server appends, so it goes on at the new end. */
async function boundLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size > LOG_BYTES_MAX) await truncate(file, 0);
}
