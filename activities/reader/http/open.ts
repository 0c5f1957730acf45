import type * as http from 'node:http';
import type { Socket } from 'node:net';
import { parseRetryAfterMs } from '../../../core/retry-after.js';
import { errorCodeOf, printableUrl, ReaderFailure } from '../reader-failure.js';
import { requesterFor, type ConnectionPool } from './transport.js';

/** More redirects than this are a loop. */
const MAX_REDIRECTS = 5;
/** A redirect that leads nowhere is the server's trouble and may pass; a wrong address of our own does not. */
const REDIRECT_CODE = 'ERR_REDIRECT';
/** Longest pause we take from a server; more is a mistake or means never. */
const RETRY_AFTER_MAX_MS = 86_400_000;
/** Finds dead peers of connections that carry nothing for long. */
const KEEP_ALIVE_PROBE_MS = 10_000;
/** Headers that must not reach another host through a redirect. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** How an address is asked for. */
export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Limit for connecting, and again for the header of the answer. */
  readonly connectTimeoutMs: number;
  /** Ends the request, and the body with it. */
  readonly signal: AbortSignal;
  /** Absent: a connection of its own, closed afterwards. */
  readonly pool?: ConnectionPool;
}

/** An answer whose body has not been read yet. */
export interface OpenAnswer {
  readonly response: http.IncomingMessage;
  /** After redirects. */
  readonly finalUrl: URL;
  /** What the system said about the connection, once it has failed. */
  readonly socketError: () => Error | null;
}

/** Opens an address, following redirects. Throws a `ReaderFailure` for everything but a 2xx answer. */
export async function openUrl(url: string, options: RequestOptions): Promise<OpenAnswer> {
  let target = parseUrl(url);
  let headers = options.headers;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await requestAfreshIfReused(target, { ...options, headers });
    const status = answer.response.statusCode ?? 0;
    const location = answer.response.headers.location;
    if (status < 300) return answer;
    answer.response.destroy();
    if (status >= 400 || location === undefined) throw statusFailure(answer.response, target);
    const next = parseUrl(location, target);
    if (next.origin !== target.origin) headers = withoutPrivateHeaders(headers);
    target = next;
  }
  throw new ReaderFailure(`more than ${MAX_REDIRECTS} redirects from ${printableUrl(url)}`, {
    errorCode: REDIRECT_CODE,
  });
}

/** Turns an error of a connection into a failure with the code the system gave. */
export function connectionFailure(error: unknown, what: string): ReaderFailure {
  if (error instanceof ReaderFailure) return error;
  const errorCode = errorCodeOf(error) ?? 'ERR_CONNECTION';
  const message = error instanceof Error && error.message !== '' ? error.message : errorCode;
  return new ReaderFailure(`${what}: ${message}`, { errorCode }, { cause: error });
}

function parseUrl(url: string, base?: URL): URL {
  const errorCode = base === undefined ? 'ERR_INVALID_URL' : REDIRECT_CODE;
  let parsed: URL;
  try {
    parsed = new URL(url, base);
  } catch {
    throw new ReaderFailure('the address is not a URL', { errorCode });
  }
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:') return parsed;
  throw new ReaderFailure(`the reader does not speak ${parsed.protocol}`, { errorCode });
}

/** An idle connection may be closed by the server just when it is used again: that says nothing about the source. */
async function requestAfreshIfReused(url: URL, options: RequestOptions): Promise<OpenAnswer> {
  try {
    return await request(url, options);
  } catch (error) {
    if (!(error instanceof ReusedConnectionLost)) throw error;
    const { pool: _used, ...fresh } = options;
    return request(url, fresh);
  }
}

/** A kept connection turned out to be dead before any answer came. */
class ReusedConnectionLost extends ReaderFailure {}

async function request(url: URL, options: RequestOptions): Promise<OpenAnswer> {
  const open = await requesterFor(url.protocol);
  const agent = (await options.pool?.agentFor(url.protocol)) ?? false;
  return new Promise((resolve, reject) => {
    let socketError: Error | null = null;
    const outgoing = open(url, {
      headers: { ...options.headers, 'Accept-Encoding': 'identity' },
      agent,
      signal: options.signal,
    });
    const timeout = limitConnecting(outgoing, url, options.connectTimeoutMs);
    const fail = (error: Error): void => {
      timeout.clear();
      const failure = connectionFailure(error, `request to ${url.host}`);
      const reusedLost = outgoing.reusedSocket && error !== failure;
      reject(reusedLost ? new ReusedConnectionLost(failure.message, failure.facts) : failure);
    };
    outgoing.once('socket', (socket) => {
      const remember = (error: Error): void => void (socketError = error);
      socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
      socket.on('error', remember);
      outgoing.once('close', () => socket.off('error', remember));
    });
    outgoing.once('error', fail);
    outgoing.once('response', (response) => {
      timeout.clear();
      outgoing.on('error', (error) => (socketError ??= error));
      resolve({ response, finalUrl: url, socketError: () => socketError });
    });
    outgoing.end();
  });
}

/** One limit for the connection, then one for the header. */
function limitConnecting(outgoing: http.ClientRequest, url: URL, limitMs: number): { clear(): void } {
  const expire = (errorCode: string, doing: string) => (): void => {
    outgoing.destroy(new ReaderFailure(`${url.host}: ${doing} within ${limitMs} ms`, { errorCode }));
  };
  let timer = setTimeout(expire('ETIMEDOUT', 'no connection'), limitMs);
  const awaitHeader = (): void => {
    clearTimeout(timer);
    timer = setTimeout(expire('UND_ERR_HEADERS_TIMEOUT', 'no answer'), limitMs);
  };
  outgoing.once('socket', (socket: Socket) => {
    if (!socket.connecting) awaitHeader();
    else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', awaitHeader);
  });
  return { clear: () => clearTimeout(timer) };
}

function statusFailure(response: http.IncomingMessage, url: URL): ReaderFailure {
  const httpStatus = response.statusCode ?? 0;
  const askedMs = parseRetryAfterMs(response.headers['retry-after'], Date.now());
  const reason = response.statusMessage ? ` ${response.statusMessage}` : '';
  return new ReaderFailure(`HTTP ${httpStatus}${reason} from ${printableUrl(url)}`, {
    httpStatus,
    ...(askedMs === undefined ? {} : { retryAfterMs: Math.min(askedMs, RETRY_AFTER_MAX_MS) }),
  });
}

function withoutPrivateHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase())),
  );
}
