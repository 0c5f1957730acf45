import type { Level } from './types.js';

/** ffmpeg and streamlink put the level in brackets, x264 behind its name, yt-dlp and GStreamer before the message. */
const ERROR_MARK =
  /^.{0,120}\[(?:error|fatal|panic)\]|^(?:ERROR|error): |^\d+:\d\d:\d\d\.\d+ +\d+ +0x[\da-f]+ ERROR\b/;
const WARNING_MARK =
  /^.{0,120}\[(?:warning|info|verbose|debug|trace)\]|^(?:WARNING|warning): |^\d+:\d\d:\d\d\.\d+ +\d+ +0x[\da-f]+ (?:WARN|FIX\w{2}|INFO)\b/;
/** What the server answered is no remark, whatever ffmpeg marks it as. */
const ANSWER_OF_SERVER = /\bHTTP error \d{3}\b/i;

/** GStreamer prints one message as a block, and marks the first line of it. */
const BLOCK = /^(?:ERROR|WARNING): from element/;
const LINES_OF_BLOCK = 3;

function markOf(line: string): Level {
  if (ERROR_MARK.test(line)) {
    return 'error';
  }
  return WARNING_MARK.test(line) && !ANSWER_OF_SERVER.test(line) ? 'warning' : 'unmarked';
}

/** The level of each line of a text. */
export function levelsOf(lines: readonly string[]): Level[] {
  const levels = lines.map(markOf);
  for (const [index, line] of lines.entries()) {
    const level = levels[index] ?? 'unmarked';
    for (let next = index + 1; BLOCK.test(line) && next <= index + LINES_OF_BLOCK; next += 1) {
      if (next >= lines.length || levels[next] !== 'unmarked') {
        break;
      }
      levels[next] = level;
    }
  }
  return levels;
}
