/** A request that got no usable answer. */
export class HttpFailure extends Error {
  /** System or library code, e.g. `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`, `TOO_MANY_REDIRECTS`. */
  readonly code: string;
  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpFailure';
    this.code = code;
  }
}

/** What the codes mean, for a person. Anything else is shown with its own message. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EPIPE: 'connection closed by peer',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'name server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  UND_ERR_SOCKET: 'connection closed by the other side',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer is larger than the limit',
};

interface SystemError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
}

/** Makes a failure of whatever the network stack has thrown. */
export function httpFailureOf(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  // Node tries all addresses of a name and throws one error that holds them all.
  const first = ((error as SystemError).errors?.[0] ?? error) as SystemError;
  const code = typeof first.code === 'string' ? first.code : 'UNKNOWN';
  const message = typeof first.message === 'string' ? first.message : 'request failed';
  return new HttpFailure(MEANINGS[code] ?? message, code, error);
}
