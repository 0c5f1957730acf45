import { parseDurationMs } from '../../core/config/duration.js';

/** What may be said as the beginning of a report: completes the sentence "expected ...". */
export const SINCE_ALLOWED = 'an ISO time like 2026-01-31T12:00:00Z, or a duration like 90s, 30m, 2h, 7d';

/** Milliseconds since 1970 of an instant, or of a duration before now; undefined when the text is neither. */
export function parseSince(text: string, nowMs: number): number | undefined {
  const durationMs = parseDurationMs(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (durationMs !== undefined) return nowMs - durationMs;
  const instantMs = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(instantMs) ? instantMs : undefined;
}
