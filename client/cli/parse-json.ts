import { UsageError } from './errors.js';

/** Longer arguments do not belong on a command line. */
const JSON_ARGUMENT_LENGTH_MAX = 65_536;

/** Reads an argument that must be a JSON object; the error says what it is instead. */
export function parseJsonObject(text: string, what: string): Record<string, unknown> {
  if (text.length > JSON_ARGUMENT_LENGTH_MAX) {
    throw new UsageError(
      `the ${what} has ${text.length} characters; at most ${JSON_ARGUMENT_LENGTH_MAX} are allowed`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the ${what} is no JSON: ${reason}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  throw new UsageError(`the ${what} must be a JSON object like {"name": "..."}; this is ${kind}`);
}
