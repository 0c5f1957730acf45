import { complains } from './failure-words.js';
import { tellingLines } from './rules/benign.js';
import type { TextLine } from './types.js';

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
  const suspicious = tellingLines(lines).find(complains);
  return suspicious === undefined || isWarningOnly(lines) ? null : suspicious;
}
