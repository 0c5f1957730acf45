import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';

export interface LogBounds {
  readonly logBytesMax: number;
  readonly logBytesKept: number;
}

/**
 * Cuts a log that has grown beyond its limit: its head is kept once and its tail anew each time in side files, then the file
 * is emptied. The child appends (O_APPEND), so what it writes later starts at the new end and nothing is corrupted.
 *
 * @returns true when the log was cut.
 */
export function boundLog(path: string, bounds: LogBounds): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.size <= bounds.logBytesMax) return false;
  const descriptor = openSync(path, 'r+');
  try {
    cut(descriptor, path, bounds.logBytesKept);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** A child that writes faster than that can be read has not said its last words yet. */
const READS_BEFORE_CUT_MAX = 64;
const READ_BYTES = 1_048_576;

/**
 * The ends are on disk before the file is emptied, so that no crash can lose them. Writing them takes a while in which the child may
 * say its last words: what came meanwhile is read in the very moment before the cut and kept as well.
 */
function cut(descriptor: number, path: string, bytesKept: number): void {
  const size = fstatSync(descriptor).size;
  if (!existsSync(headPath(path))) keep(headPath(path), readAt(descriptor, 0, bytesKept));
  const tail = readAt(descriptor, Math.max(0, size - bytesKept), bytesKept);
  keep(tailPath(path), tail);
  const newest = readOn(descriptor, tail, size, bytesKept);
  ftruncateSync(descriptor);
  if (newest !== tail) keep(tailPath(path), newest);
}

/** The last `bytes` of a log, reaching back over a cut. */
export function readLogTail(path: string, bytes: number): string {
  const current = readTail(path, bytes);
  if (current.length >= bytes) return current.toString('utf8');
  const before = readTail(tailPath(path), bytes - current.length);
  return Buffer.concat([before, current]).toString('utf8');
}

function keep(path: string, content: Buffer): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch {
    // The disk is full: the log must be cut all the more, and its newest lines follow in the file itself.
  }
}

function headPath(path: string): string {
  return `${path}.head`;
}

function tailPath(path: string): string {
  return `${path}.tail`;
}

/** Reads on from a position until nothing more is there; the last bytes of what was known and what was read. */
function readOn(descriptor: number, known: Buffer, from: number, bytesKept: number): Buffer {
  const chunk = Buffer.allocUnsafe(READ_BYTES);
  let newest = known;
  let position = from;
  for (let reads = 0; reads < READS_BEFORE_CUT_MAX; reads += 1) {
    const length = readSync(descriptor, chunk, 0, READ_BYTES, position);
    if (length === 0) break;
    position += length;
    newest = Buffer.concat([newest, chunk.subarray(0, length)]).subarray(-bytesKept);
  }
  return newest;
}

function readTail(path: string, bytes: number): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0);
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return readAt(descriptor, Math.max(0, size - bytes), Math.min(size, bytes));
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, start: number, bytesMax: number): Buffer {
  const buffer = Buffer.alloc(bytesMax);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytesMax, start));
}
