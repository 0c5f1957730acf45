/**
 * Pauses between the questions to a media host. An outage of seconds must be noticed within a second of its end, for the
 * recording hangs on it; later the host is spared.
 */
export const STEADY_PAUSES = 15;
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 10_000;
const GROWTH = 1.3;

/** The pause before question `n` (the first follows question 0): every second at first, then growing to 10 s. */
export function probePauseMs(n: number): number {
  const steps = Math.min(100, Math.max(0, n - STEADY_PAUSES));
  return Math.min(PAUSE_MAX_MS, Math.round(PAUSE_MIN_MS * GROWTH ** steps));
}
