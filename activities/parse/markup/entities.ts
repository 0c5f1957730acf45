import { decodeHTMLStrict } from 'entities';

/** A character beyond the first 65,536, written as the two halves that some programs know it by. */
const HALVES = /&#(5[56]\d{3}|x[\da-f]{4});&#(5[67]\d{3}|x[\da-f]{4});/gi;
const PAIR = /^[\ud800-\udbff][\udc00-\udfff]$/;

/** Resolves the entities of HTML and of numbers, as feeds write them. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  const joined = text.replace(HALVES, (written, ...halves: string[]) => {
    const pair = String.fromCharCode(...halves.slice(0, 2).map((half) => Number(half.replace(/^x/i, '0x'))));
    return PAIR.test(pair) ? pair : written;
  });
  return decodeHTMLStrict(joined);
}
