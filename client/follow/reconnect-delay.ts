/** Never sooner, so that a server that closes at once is not hammered, and never later, so that nobody waits for nothing. */
export const RECONNECT_DELAY_MS_MIN = 1_000;
export const RECONNECT_DELAY_MS_MAX = 30_000;

/**
 * Pause before a reconnect in milliseconds: spread over a window that doubles with each failure in a row, so that the
 * clients of a server that comes back do not arrive together.
 * @param failures in a row, from 1
 * @param retryMs what the server asked for; the first window
 * @param random from 0 to 1
 */
export function reconnectDelayMs(failures: number, retryMs: number, random: number): number {
  const doubled = retryMs * 2 ** Math.min(Math.max(failures, 1) - 1, 10);
  const windowMs = Math.min(Math.max(doubled, RECONNECT_DELAY_MS_MIN), RECONNECT_DELAY_MS_MAX);
  return Math.round(RECONNECT_DELAY_MS_MIN + (windowMs - RECONNECT_DELAY_MS_MIN) * random);
}
