import { anyOf } from './types.js';

/** Words with which a line claims to be about a failure. */
export const CLAIMS_FAILURE = anyOf(
  /error|fail|fatal|cannot|can't|could not|couldn't|unable|invalid|denied|refused|abort|not found|exception/,
  /\blost\b|crash|\bdied\b|killed|missing|unsupported|not supported|terminated|disconnect|time-?out|broken/,
  /corrupt|rejected|exited|no such|does(?:n't| not) exist|unexpected|exhausted|not available|not permitted/,
  /fehler|fehlgeschlagen|erreur|échec|impossible|errore\b|\berro\b|falló|falhou|ошибк|не удалось|错误|失败|エラー|失敗/,
);
