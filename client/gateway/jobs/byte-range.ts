/** A part of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a file that a `Range` header asks for (RFC 9110, 14.2).
 * @returns `whole` where the header is none that we serve: of another unit, broken, or of several parts, all of which
 *   may be answered with the whole file; `none` when no byte of the file is in the range
 */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | 'whole' | 'none' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return 'whole';
  if (first === '') return suffixOf(Number(last), size);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'none' : { start, end };
}

function suffixOf(length: number, size: number): ByteRange | 'none' {
  if (length === 0 || size === 0) return 'none';
  return { start: Math.max(0, size - length), end: size - 1 };
}
