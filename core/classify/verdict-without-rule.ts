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

/** What a tool tells of its work has numbers, names of parts, settings or a mark of level in it. */
const TOLD_BY_TOOL = /[\d:=<>|/()[\]{}]/;

/** The line that speaks of a failure no rule knows, or that is nothing a tool tells of its work; null when there is none. */
export function unexplainedLine(lines: readonly TextLine[]): TextLine | null {
  const telling = tellingLines(lines);
  const suspicious = telling.find(complains);
  if (suspicious !== undefined) {
    return isWarningOnly(lines) ? null : suspicious;
  }
  const isFromTool = telling.length < lines.length || telling.some(({ shown }) => TOLD_BY_TOOL.test(shown));
  return isFromTool ? null : (telling.at(-1) ?? null);
}
