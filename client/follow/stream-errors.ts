/** Why a stream ended before its job did, in words for a person and facts for a program. */
export interface StreamProblem {
  readonly error_code: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

/** Codes and texts by which the HTTP clients of Node and of the browsers say that the other side closed the connection. */
const CLOSED_CODES: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'STREAM_CLOSED']);
const CLOSED_TEXTS =
  /^terminated$|other side closed|socket hang up|^network error$|error in input stream|^load failed$|^closed$/i;

/** The same for silence. */
const TIMEOUT_CODES: ReadonlySet<string> = new Set(['UND_ERR_BODY_TIMEOUT']);

/** Errors carry their reasons in chains and lists; reading stops here, as a chain may lead back to itself. */
const CAUSES_MAX = 10;

export const STREAM_CLOSED = 'STREAM_CLOSED';
export const STREAM_TIMEOUT = 'UND_ERR_BODY_TIMEOUT';

/** Thrown by our own side of a connection, with the code that says what was found. */
export class StreamError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'StreamError';
    this.code = code;
    this.details = details;
  }
}

/**
 * Puts whatever ended a stream into words. A timeout is looked for first: the same error often says "terminated" on
 * its outside.
 */
export function describeStreamError(error: unknown): StreamProblem {
  const chain = causesOf(error);
  const codes = chain.map(codeOf).filter((code) => code !== undefined);
  const details = {
    ...detailsOf(chain),
    ...(codes.length === 0 ? {} : { code: codes[0] }),
    causes: chain.map(textOf),
  };
  if (codes.some((code) => TIMEOUT_CODES.has(code))) {
    return {
      error_code: STREAM_TIMEOUT,
      message:
        'Stream timeout - neither an event nor a heartbeat came in time; the server or something in between hangs. Reconnecting.',
      details,
    };
  }
  if (
    codes.some((code) => CLOSED_CODES.has(code)) ||
    chain.some((link) => CLOSED_TEXTS.test(messageOf(link)))
  ) {
    return {
      error_code: STREAM_CLOSED,
      message:
        'Connection closed by server before the job was done: it may have crashed or been restarted. The job itself goes on. Reconnecting.',
      details,
    };
  }
  const [outermost] = chain;
  return {
    error_code: codes[0] ?? (outermost instanceof Error ? outermost.name : 'UNKNOWN'),
    message:
      chain.map(messageOf).find((message) => message !== '' && message !== 'fetch failed') ?? 'unknown error',
    details,
  };
}

/** The error, its causes and theirs, outermost first. */
function causesOf(error: unknown): unknown[] {
  const found: unknown[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && found.length < CAUSES_MAX) {
    const current = open.shift();
    if (current === undefined || current === null || found.includes(current)) continue;
    found.push(current);
    if (typeof current !== 'object') continue;
    if ('cause' in current) open.push(current.cause);
    if ('errors' in current && Array.isArray(current.errors)) open.push(...(current.errors as unknown[]));
  }
  return found;
}

function detailsOf(chain: readonly unknown[]): Record<string, unknown> {
  return chain.find((link) => link instanceof StreamError)?.details ?? {};
}

/** Codes in words only: a DOMException has numbers that say nothing. */
function codeOf(link: unknown): string | undefined {
  if (typeof link !== 'object' || link === null || !('code' in link)) return undefined;
  return typeof link.code === 'string' ? link.code : undefined;
}

function messageOf(link: unknown): string {
  if (typeof link === 'object' && link !== null && 'message' in link) return String(link.message);
  return String(link);
}

function textOf(link: unknown): string {
  const code = codeOf(link);
  return code === undefined ? messageOf(link) : `${code}: ${messageOf(link)}`;
}
