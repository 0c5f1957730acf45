import { anyOf, type TextLine } from './types.js';

/** Words with which a line claims to be about a failure. */
export const CLAIMS_FAILURE = anyOf(
  /error|fail|fatal|cannot|can't|could not|couldn't|unable|invalid|denied|refused|abort|not found|exception/,
  /\blost\b|crash|\bdied\b|killed|missing|unsupported|not supported|terminated|disconnect|time-?out|broken/,
  /corrupt|rejected|exited|no such|does(?:n't| not) exist|unexpected|exhausted|not available|not permitted/,
  /fehler|fehlgeschlagen|erreur|échec|impossible|errore\b|\berro\b|falló|falhou|ошибк|не удалось|错误|失败|エラー|失敗/,
  /konnte nicht|kann nicht|schlug fehl|n'a pas pu|ne peut pas|no se pud?[eo]|não foi possível|falha\b|fallit[oa]|mislukt/,
  /błąd|nie (?:można|udało)|misslyckades|\bchyba\b|selhal|\bhata\b|başarısız|오류|실패|无法|無法|錯誤|できません|невозможно|помилк/,
  /\bwrong\b|\bbad\b|illegal|g[ai]v(?:e|ing) up|didn't|did not|won't/,
);

/** True for a line that is marked as an error or speaks of one. */
export function complains({ line, level }: TextLine): boolean {
  return level === 'error' || (level !== 'remark' && CLAIMS_FAILURE.test(line));
}
