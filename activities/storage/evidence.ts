import type { Evidence } from '../../core/evidence.js';
import type { StorageLook } from './look.js';
import { sizeInWords } from './words.js';

/** Facts that end a recording: no room to speak of, or a place that cannot be written; null when it may go on. */
export function storageEvidence(look: StorageLook, minFreeBytes: number): Evidence | null {
  switch (look.kind) {
    case 'unknown':
      return null;
    case 'unwritable':
      return { role: 'storage', tool: 'other', writable: false, text: look.detail };
    case 'usable':
      return look.freeBytes >= minFreeBytes ? null : noRoom(look.freeBytes, minFreeBytes);
  }
}

function noRoom(freeBytes: number, minFreeBytes: number): Evidence {
  const figures = `${sizeInWords(freeBytes)} free, ${sizeInWords(minFreeBytes)} are kept free`;
  return { role: 'storage', tool: 'other', freeBytes, text: `free space is too low: ${figures}` };
}
