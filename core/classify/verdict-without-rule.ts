import { isBenign } from './rules/benign.js';
import { anyOf } from './types.js';

/** Words with which a line claims to be about a failure. */
const CLAIMS_FAILURE = anyOf(
  /error|fail|fatal|cannot|can't|could not|couldn't|unable|invalid|denied|refused|abort|not found|exception/,
  /\blost\b|crash|\bdied\b|killed|missing|unsupported|not supported|terminated|disconnect|time-?out|broken/,
  /corrupt|rejected|exited|no such|does(?:n't| not) exist|unexpected|exhausted|not available|not permitted/,
  /fehler|fehlgeschlagen|erreur|échec|impossible|errore\b|\berro\b|falló|falhou|ошибк|не удалось|错误|失败|エラー|失敗/,
);
/** Marks by which tools show that a line is a remark and not an error. */
const REMARK = /^\[[\w, ]{2,40} @ |\bwarn(?:ing)?\b|\binfo\b|\bdebug\b|^\d\d:\d\d:\d\d/i;
/** GStreamer marks what it goes on after; such a block ends no run unless an error block is there too. */
const GSTREAMER_WARNING = /^WARNING: from element/;

/** True when all a text holds is marked as a warning by the framework that printed it. */
export function isWarningOnly(lines: readonly string[]): boolean {
  return lines.some((line) => GSTREAMER_WARNING.test(line)) && !lines.some((line) => /\berror\b/i.test(line));
}

/** The line that speaks of a failure no rule knows, or null when nothing in the text does. */
export function unexplainedLine(lines: readonly string[]): string | null {
  const telling = lines.filter((line) => !isBenign(line));
  const suspicious = telling.find((line) => CLAIMS_FAILURE.test(line));
  if (suspicious !== undefined) {
    return isWarningOnly(lines) ? null : suspicious;
  }
  const isHarmless = telling.length < lines.length || telling.every((line) => REMARK.test(line));
  return isHarmless ? null : (telling.at(-1) ?? '');
}
