/**
 * What windows-1252 has at 0x80 to 0x9f. Some versions of Node decode these bytes as control characters, as ISO-8859-1
 * would have them.
 */
const SPECIALS =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
const FIRST = 0x80;

/** Puts the characters of windows-1252 where a decoder has left control characters. */
export function mendWindows1252(text: string): string {
  return text.replace(
    /[\u0080-\u009f]/g,
    (character) => SPECIALS[character.charCodeAt(0) - FIRST] ?? character,
  );
}
