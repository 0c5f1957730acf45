import { join } from 'node:path';
import type { PartGroup } from './timeline.js';

/** The list that ffmpeg's concat demuxer reads: every file, and how far the next one lies behind it. */
export function concatList(folder: string, group: PartGroup): string {
  const lines = ['ffconcat version 1.0'];
  for (const { part, placeMs, stepMs } of group.parts) {
    lines.push(`file ${quoted(join(folder, part.line.file))}`);
    // Differences of rounded places do not add up to an error over thousands of files.
    if (stepMs !== null) lines.push(`duration ${microseconds(placeMs + stepMs) - microseconds(placeMs)}us`);
  }
  return `${lines.join('\n')}\n`;
}

function microseconds(ms: number): number {
  return Math.round(ms * 1_000);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
