import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { abortable } from './abortable.js';
import { unknown, type ProbeContext, type ProbeReading } from './reading.js';

/** A sysfs file is at most one page. */
const CONTENT_BYTES_MAX = 4_096;
/** Content is told to people; nobody reads more. */
const TOLD_LENGTH_MAX = 80;

/** Reads a file of the driver; the pattern says which content means that there is a signal. `^` and `$` match at every line. */
export async function probeSysfs(
  path: string,
  pattern: string,
  { signal }: Pick<ProbeContext, 'signal'>,
): Promise<ProbeReading> {
  let content: string;
  try {
    content = (await abortable(readBeginning(path), signal)).trim();
  } catch (error) {
    signal.throwIfAborted();
    return unknown(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  const matches = new RegExp(pattern, 'm').test(content);
  const told = JSON.stringify(content.slice(0, TOLD_LENGTH_MAX));
  return { signal: matches ? 'signal' : 'no_signal', detail: `${path} says ${told}` };
}

async function readBeginning(path: string): Promise<string> {
  // A pipe that nobody writes to must not hold us up.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CONTENT_BYTES_MAX), 0, CONTENT_BYTES_MAX, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
