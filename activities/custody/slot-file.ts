import { closeSync, fstatSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

/**
 * A small JSON file that is created with its final size and later overwritten in place. Its blocks are already there, so it
 * can be written on a full disk, and one write call never leaves half a value behind when the worker dies.
 */
export function createSlot(path: string, bytes: number, value?: unknown): void {
  const text = value === undefined ? '' : JSON.stringify(value);
  writeFileSync(path, padded(text, bytes), { flag: 'wx', mode: 0o600 });
}

/** Replaces the value of an existing slot. A value larger than the slot makes it grow, where the disk allows. */
export function writeSlot(path: string, value: unknown): void {
  const descriptor = openSync(path, 'r+');
  try {
    const bytes = padded(JSON.stringify(value), fstatSync(descriptor).size);
    writeSync(descriptor, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(descriptor);
  }
}

/** The value of a slot, or null when it was never written, is not there or cannot be understood. */
export function readSlot(path: string): unknown {
  const text = readSlotText(path);
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The text of a slot that somebody other than us writes; empty when there is none. */
export function readSlotText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function padded(text: string, bytes: number): Buffer {
  const content = Buffer.from(`${text}\n`);
  if (content.length >= bytes) return content;
  return Buffer.concat([content, Buffer.alloc(bytes - content.length, ' ')]);
}
