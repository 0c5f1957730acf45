import { CLAIMS_FAILURE } from './failure-words.js';
import { tellingLines } from './rules/benign.js';
import type { TextLine } from './types.js';

/** Marks by which tools show that a line is a remark and not an error. */
const REMARK = /^\[[\w, ]{2,40} @ |\bwarn(?:ing)?\b|\binfo\b|\bdebug\b|^\d\d:\d\d:\d\d/i;
/** GStreamer marks what it goes on after; such a block ends no run unless an error block is there too. */
const GSTREAMER_WARNING = /^WARNING: from element/;

/** True when all a text holds is marked as a warning by the framework that printed it. */
export function isWarningOnly(lines: readonly TextLine[]): boolean {
  return (
    lines.some(({ line }) => GSTREAMER_WARNING.test(line)) &&
    !lines.some(({ line }) => /\berror\b/i.test(line))
  );
}

/** The line that speaks of a failure no rule knows, or null when nothing in the text does. */
export function unexplainedLine(lines: readonly TextLine[]): TextLine | null {
  const telling = tellingLines(lines);
  const suspicious = telling.find(({ line }) => CLAIMS_FAILURE.test(line));
  if (suspicious !== undefined) {
    return isWarningOnly(lines) ? null : suspicious;
  }
  const isHarmless = telling.length < lines.length || telling.every(({ line }) => REMARK.test(line));
  return isHarmless ? null : (telling.at(-1) ?? { line: '', shown: '', level: 'unmarked' });
}
