import type { DigestParams } from '../../../core/jobs/params.js';

/** The period of a digest as two instants, ISO 8601, UTC. One that is given as a length ends when the job was asked for. */
export function periodOf(
  period: DigestParams['period'],
  createdAt: string,
): { readonly from: string; readonly to: string } {
  if (typeof period !== 'number')
    return { from: utc(Date.parse(period.from)), to: utc(Date.parse(period.to)) };
  const createdAtMs = Date.parse(createdAt);
  // The second in which the job was asked for counts: instants of items are compared to the second.
  return { from: utc(createdAtMs - period), to: utc(createdAtMs + SECOND_MS) };
}

const SECOND_MS = 1_000;

function utc(ms: number): string {
  return new Date(ms).toISOString();
}
