/**
 * Reads the header `Retry-After`: seconds, with a fraction or without, or an HTTP date. In milliseconds from `nowMs`; 0 when the date has
 * passed, undefined when it is neither.
 */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  // `Date.parse` takes many things for a date, "-5" among them: an HTTP date begins with the name of a day.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  // The oldest of the three forms of an HTTP date names no zone: all are GMT.
  const atMs = Date.parse(/ \d{4}$/.test(text) ? `${text} GMT` : text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
