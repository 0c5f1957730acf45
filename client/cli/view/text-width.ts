/** Terminal cells of text. Texts come from other programs and sites: they may hold anything. */

// A terminal must not obey what a remote site or a log tail says.
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|.)?/g;
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const COMBINING = /\p{M}/u;
/** Scripts and symbols that fill two cells. */
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** One harmless line: escape sequences go, line breaks and other controls become a space. */
export function plainText(text: string): string {
  return text.replace(ESCAPES, '').replace(CONTROLS, ' ').trim();
}

/** Number of terminal cells that a plain text fills. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellsOfCharacter(character);
  return cells;
}

function cellsOfCharacter(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Cuts a plain text to a number of cells; a cut text ends with an ellipsis. */
export function cutToCells(text: string, cellsMax: number): string {
  if (cellsOf(text) <= cellsMax) return text;
  if (cellsMax <= 0) return '';
  let kept = '';
  let cells = 1;
  for (const character of text) {
    cells += cellsOfCharacter(character);
    if (cells > cellsMax) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Fills a plain text up with spaces. */
export function padToCells(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, cells - cellsOf(text)));
  return align === 'left' ? text + fill : fill + text;
}
