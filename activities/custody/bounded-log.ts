import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
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
  keepEnds(path, bounds.logBytesKept);
  truncateSync(path, 0);
  return true;
}

/** The last `bytes` of a log, reaching back over a cut. */
export function readLogTail(path: string, bytes: number): string {
  const current = readEnd(path, bytes);
  if (current.length >= bytes) return current.toString('utf8');
  const before = readEnd(tailPath(path), bytes - current.length);
  return Buffer.concat([before, current]).toString('utf8');
}

function keepEnds(path: string, bytesKept: number): void {
  try {
    if (!existsSync(headPath(path)))
      writeFileSync(headPath(path), readRange(path, 0, bytesKept), { mode: 0o600 });
    writeFileSync(tailPath(path), readEnd(path, bytesKept), { mode: 0o600 });
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

function readEnd(path: string, bytes: number): Buffer {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size === 0 ? Buffer.alloc(0) : readRange(path, Math.max(0, size - bytes), bytes);
}

function readRange(path: string, start: number, bytesMax: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Math.max(0, Math.min(bytesMax, fstatSync(descriptor).size - start));
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, start));
  } finally {
    closeSync(descriptor);
  }
}
