import { fstatSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import type { ReaderFact } from './spec.js';

const EVENT_FD = 5;
const STDERR_FD = 2;
const OWN_DESCRIPTORS = '/proc/self/fd';
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

/** Node opens descriptors of its own at small numbers: no files and no sockets, and of its pipes it holds both ends. */
function isGivenForWriting(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    if (stats.isFIFO()) return !isHeldTwice(fd);
    return stats.isFile() || stats.isSocket() || stats.isCharacterDevice();
  } catch {
    return false;
  }
}

function isHeldTwice(fd: number): boolean {
  const pipe = readlinkSync(`${OWN_DESCRIPTORS}/${fd}`);
  const others = readdirSync(OWN_DESCRIPTORS).map(Number);
  return others.some((other) => other > STDERR_FD && other !== fd && linkOf(other) === pipe);
}

/** Null for the descriptor that listed the folder and is closed by now. */
function linkOf(fd: number): string | null {
  try {
    return readlinkSync(`${OWN_DESCRIPTORS}/${fd}`);
  } catch {
    return null;
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
