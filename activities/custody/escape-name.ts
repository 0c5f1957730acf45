import { createHash } from 'node:crypto';

/** A file name may have 255 bytes; this leaves room for a suffix. */
const NAME_LENGTH_MAX = 200;
const HASH_LENGTH = 16;

/** Turns any text into a file name, different texts into different names. Plain names stay readable. */
export function escapeName(text: string): string {
  const escaped = encodeURIComponent(text)
    .replaceAll('~', '%7E')
    .replaceAll('*', '%2A')
    .replaceAll("'", '%27')
    .replace(/^\./, '%2E');
  if (escaped.length <= NAME_LENGTH_MAX) return escaped;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return `${escaped.slice(0, NAME_LENGTH_MAX - HASH_LENGTH - 1)}~${hash}`;
}
