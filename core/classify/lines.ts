import { levelsOf } from './level.js';
import { withoutNames } from './names.js';
import type { TextLine } from './types.js';

/** Only the end of a text is examined: what ended a run is printed last, and a child may have printed gigabytes. */
const EXAMINED_CHARACTERS = 65_536;
/** A longer line is cut: no tool says anything decisive after this, and it bounds every pattern. */
const LINE_CHARACTERS = 2_000;
/** Length of the line shown to a person. */
const DETAIL_CHARACTERS = 300;

// oxlint-disable-next-line no-control-regex -- terminal escapes begin with a control character
const TERMINAL_ESCAPES = /\u001B\[[0-9;?]{0,20}[A-Za-z]/g;
const CURLY_SINGLE_QUOTES = /[\u2018\u2019\u201A\u2032\u00B4`]/g;
const CURLY_DOUBLE_QUOTES = /[\u201C\u201D\u201E\u00AB\u00BB]/g;
/** Names of applications and streams are mostly keys, and not to be shown. */
const STREAM_NAMES =
  /\b(rtmp[a-z]{0,3}|rtsps?|srt):\/\/([^\s/?'":]{1,255}(?::\d{1,5})?)[/?][^\s'":]{1,1000}/gi;
const LINE_BREAKS = /\r\n|\n|\r/;
/** A message whose subject has no name begins with a colon; it belongs to the line before. */
const LINE_WITHOUT_SUBJECT = /\n\s{0,20}(?=: \S)/g;
/** ffmpeg overwrites its line of progress, so that a message may stand before or behind the rest of it. */
const PROGRESS =
  /(?:\b(?:frame|size)=\s{0,12}\d|\d{0,12}[kK]i?B time=|time=-?\d\d:)[^\n]{0,200}?(?:speed=\s{0,6}[\d.e+-]{1,12}x?|bits\/s(?! speed| dup| drop))/g;

/** A line without what is left of a line of progress on it; one that holds nothing else stays. */
function withoutProgress(line: string): string {
  const rest = line.replace(PROGRESS, ' ').trim();
  return rest === '' ? line : rest;
}

/** Splits the end of a text into trimmed lines that are not empty, with quotes and terminal colours made plain and stream names left out. */
export function linesOf(text: string): TextLine[] {
  const shown = text
    .slice(-EXAMINED_CHARACTERS)
    .replace(TERMINAL_ESCAPES, '')
    .replace(CURLY_SINGLE_QUOTES, "'")
    .replace(CURLY_DOUBLE_QUOTES, '"')
    .normalize('NFC')
    .replace(STREAM_NAMES, '$1://$2/…')
    .replace(LINE_WITHOUT_SUBJECT, '')
    .split(LINE_BREAKS)
    .map((line) => line.slice(0, LINE_CHARACTERS).trim())
    .filter((line) => line !== '');
  const levels = levelsOf(shown);
  return shown.map((line, index) => ({
    line: withoutNames(withoutProgress(line)),
    shown: line,
    level: levels[index] ?? 'unmarked',
  }));
}

/** Cuts a line to what a person wants to read. */
export function shorten(line: string): string {
  const trimmed = line.trim();
  return trimmed.length <= DETAIL_CHARACTERS ? trimmed : `${trimmed.slice(0, DETAIL_CHARACTERS - 1)}…`;
}
