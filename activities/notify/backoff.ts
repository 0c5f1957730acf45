/** Pause before the second attempt; it doubles with each further one. */
export const RETRY_MIN_MS = 2_000;
/** Longest pause, unless the sink itself asks for a longer one. */
export const RETRY_MAX_MS = 300_000;
/** What a sink has not taken for this long is given up: nobody wants to read it any more. */
export const GIVE_UP_AFTER_MS = 86_400_000;
/** Longest wait a sink may ask for: it is asked again once an hour, whatever it says. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * Pause after the given number of failed attempts: 2 s, 4 s, 8 s ... 5 min, or as long as the sink asked for.
 * `random` from 0 to 1 spreads it by up to a tenth, so that many senders do not come back in step.
 */
export function retryDelayMs(failedAttempts: number, random: number, retryAfterMs?: number): number {
  const doubled = RETRY_MIN_MS * 2 ** Math.min(Math.max(failedAttempts, 1) - 1, 20);
  const own = Math.min(doubled, RETRY_MAX_MS);
  const asked = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  return Math.round(Math.max(own, asked) * (1 + random / 10));
}

/** How long a sink that asks for a wait is left alone: as long as it asks, up to an hour, and a little more by `random`. */
export function leaveAloneMs(askedMs: number, random: number): number {
  return Math.round(Math.min(askedMs, RETRY_AFTER_MAX_MS) * (1 + random / 10));
}
