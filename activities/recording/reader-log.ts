import { open } from 'node:fs/promises';
import type { ReaderEvent } from '../reader/index.js';
import { unlessMissing } from './file-error.js';

/** The first facts of a run: how it was opened, what was skipped, the first segment. */
const HEAD_BYTES = 16 * 1024;
/** The last facts: about 250 HLS segments, the end. */
const TAIL_BYTES = 64 * 1024;

/** The first and the last facts our reader has written; those in the middle of a long log are left out. */
export async function readReaderLog(file: string): Promise<ReaderEvent[]> {
  const handle = await unlessMissing(open(file, 'r'), null);
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const whole = size <= HEAD_BYTES + TAIL_BYTES;
    const head = Buffer.alloc(whole ? size : HEAD_BYTES);
    const tail = Buffer.alloc(whole ? 0 : TAIL_BYTES);
    await handle.read(head, 0, head.length, 0);
    await handle.read(tail, 0, tail.length, size - tail.length);
    return [...parseEvents(head.toString('utf8')), ...parseEvents(tail.toString('utf8'))];
  } finally {
    await handle.close();
  }
}

/** Lines that are cut or broken are no facts. */
function parseEvents(text: string): ReaderEvent[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{"type"') || !line.endsWith('}')) return [];
    try {
      return [JSON.parse(line) as ReaderEvent];
    } catch {
      return [];
    }
  });
}

/** The newest fact of one kind. */
export function lastEvent<Type extends ReaderEvent['type']>(
  events: readonly ReaderEvent[],
  type: Type,
): Extract<ReaderEvent, { type: Type }> | null {
  const found = events.findLast((event) => event.type === type);
  return (found as Extract<ReaderEvent, { type: Type }> | undefined) ?? null;
}
