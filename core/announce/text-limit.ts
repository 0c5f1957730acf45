/** How much text a target takes, measured as the target measures it, e.g. after escaping or in bytes. */
export interface TextLimit {
  readonly max: number;
  readonly measure: (text: string) => number;
}

const ELLIPSIS = '…';
const encoder = new TextEncoder();
/** What people take for one character may be several code points. */
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** UTF-16 code units, as most messengers count. */
export function charactersOf(text: string): number {
  return text.length;
}

/** Bytes of UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/**
 * The longest beginning of a text that fits, with an ellipsis where something was cut off. Never cuts a character in
 * half. Empty when not even the ellipsis fits. The measure must grow with the text.
 */
export function shorten(text: string, limit: TextLimit): string {
  if (limit.measure(text) <= limit.max) return text;
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  const kept = largestThat(
    characters.length - 1,
    (count) => limit.measure(beginning(characters, count)) <= limit.max,
  );
  return kept === 0 ? '' : beginning(characters, kept);
}

/** The largest whole number from 0 to `most` for which `fits` holds, when it holds up to some number and then no more. */
export function largestThat(most: number, fits: (value: number) => boolean): number {
  let low = 0;
  let high = Math.max(most, 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function beginning(characters: readonly string[], count: number): string {
  return characters.slice(0, count).join('').trimEnd() + ELLIPSIS;
}
