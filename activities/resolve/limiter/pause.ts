import { JITTER_SHARE, type LimiterSettings } from './settings.js';

/**
 * How long a site is left alone after its nth block in a row, for streams: the pause doubles, and a Retry-After is obeyed. The
 * first Retry-After is taken at its word; a site that keeps blocking is not asked more often because it names a short one.
 */
export function pauseAfterBlockMs(
  blocks: number,
  retryAfterMs: number | undefined,
  random: number,
  settings: LimiterSettings,
): number {
  const doubledMs = Math.min(
    settings.pauseMaxMs,
    settings.pauseFirstMs * 2 ** Math.min(30, Math.max(0, blocks - 1)),
  );
  const halvedMs = blocks > 1 ? doubledMs / 2 : 0;
  const pauseMs =
    retryAfterMs === undefined
      ? doubledMs
      : Math.min(settings.retryAfterMaxMs, Math.max(retryAfterMs, halvedMs));
  return Math.ceil(pauseMs * (1 + random * JITTER_SHARE));
}

/** The same for sources, which have an interval of their own: a wish is taken at its word each time. */
export function pauseAsAskedMs(retryAfterMs: number, settings: LimiterSettings): number {
  return Math.min(settings.retryAfterMaxMs, Math.ceil(retryAfterMs));
}
