import { fstatSync, readFileSync, writeSync } from 'node:fs';
import type { ReaderFact } from './spec.js';

const EVENT_FD = 5;
const STDERR_FD = 2;
const NON_BLOCKING_FLAG = 0o4000;
const ACCESS_MODE_MASK = 0o3;
const READ_ONLY = 0;
/** A full pipe is tried again this often before a line is given up: facts must not stop media. */
const MAX_WRITE_ATTEMPTS = 100;

/** Writes facts as JSON lines. Never throws: media goes on when nobody listens. */
export interface EventLog {
  write(fact: ReaderFact): void;
}

/** Opens the log on fd 5, or on stderr when fd 5 was not given to us. */
export function openEventLog(): EventLog {
  const fd = isGivenForWriting(EVENT_FD) ? EVENT_FD : STDERR_FD;
  return {
    write: (fact) => {
      const { type, ...rest } = fact;
      writeLine(fd, `${JSON.stringify({ type, at: new Date().toISOString(), ...rest })}\n`);
    },
  };
}

/** Node opens descriptors of its own at small numbers; those are no files and no sockets, and its pipes do not block. */
function isGivenForWriting(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() || stats.isSocket() || stats.isCharacterDevice()) return true;
    if (!stats.isFIFO()) return false;
    const flags = /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    if (flags === undefined) return false;
    const value = Number.parseInt(flags, 8);
    return (value & ACCESS_MODE_MASK) !== READ_ONLY && (value & NON_BLOCKING_FLAG) === 0;
  } catch {
    return false;
  }
}

function writeLine(fd: number, line: string): void {
  let rest = Buffer.from(line);
  for (let attempt = 0; attempt < MAX_WRITE_ATTEMPTS && rest.length > 0; attempt += 1) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
