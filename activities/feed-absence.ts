import type { RunEnd } from '../core/run.js';

/** An ingest may have ended this long before its outputs noticed, or after, as clocks of files go. */
const TOLERANCE_MS = 2_000;

/** Why the ingest of a capture delivered nothing between two instants: the end of its run in that time; null when there was none. */
export function feedAbsence(
  ends: readonly RunEnd[],
  fromMs: number,
  toMs: number,
): { readonly cause: string; readonly detail: string } | null {
  const within = ends.filter(({ endedAt }) => {
    const endedAtMs = Date.parse(endedAt);
    return endedAtMs >= fromMs - TOLERANCE_MS && endedAtMs <= toMs + TOLERANCE_MS;
  });
  const first = within.sort((left, right) => left.endedAt.localeCompare(right.endedAt))[0];
  if (first === undefined) return null;
  const cause = first.cause ?? (first.outcome === 'stopped' ? 'stopped' : 'unknown');
  return { cause, detail: `the ingest ended: ${first.detail}` };
}
