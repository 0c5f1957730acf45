/** Longest pause we take from a server; more is a mistake or means never. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Reads a Retry-After header (seconds or an HTTP date); undefined when absent or unreadable. */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  if (!Number.isFinite(waitMs) || waitMs < 0) return undefined;
  return Math.min(Math.round(waitMs), MAX_RETRY_AFTER_MS);
}
