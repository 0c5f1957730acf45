import { parseSince, SINCE_ALLOWED } from '../recordings/index.js';
import { RequestProblem } from './problem.js';

/** Beyond these an instant is written in a way that few programs read. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an instant of a query, or a duration before now, as milliseconds since 1970.
 * @param key what of the request it is, e.g. `query.since`
 * @throws {RequestProblem} `invalid_input` when the text is neither
 */
export function instantOf(key: string, text: string, nowMs: number): number {
  const instantMs = parseSince(text, nowMs);
  if (instantMs !== undefined) return Math.min(Math.max(instantMs, FIRST_MS), LAST_MS);
  throw new RequestProblem(
    'invalid_input',
    `${key}: ${JSON.stringify(text)} is not allowed; expected ${SINCE_ALLOWED}`,
    { key, value: text, allowed: SINCE_ALLOWED },
  );
}
