import { Agent, request, type Dispatcher } from 'undici';
import {
  BODY_BYTES_MAX,
  BODY_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  REDIRECTS_MAX,
} from './limits.js';
import { HttpFailure, httpFailureOf } from './failure.js';

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
/** Headers that belong to one site only. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

const agent = new Agent({
  connect: { timeout: CONNECT_TIMEOUT_MS },
  headersTimeout: HEADERS_TIMEOUT_MS,
  bodyTimeout: BODY_TIMEOUT_MS,
  maxResponseSize: BODY_BYTES_MAX,
});

/**
 * For endless bodies of which only the first bytes are read: no size limit, and no connection is kept for the next
 * request, because aborting the body closes it anyway.
 */
const probeAgent = new Agent({
  connect: { timeout: CONNECT_TIMEOUT_MS },
  headersTimeout: HEADERS_TIMEOUT_MS,
  bodyTimeout: BODY_TIMEOUT_MS,
  pipelining: 0,
});

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** `page`: a document of limited size. `media`: an endless body of which only the beginning is wanted. */
  readonly purpose: 'page' | 'media';
}

/** An answer whose body has not been read yet: it must be consumed or destroyed. */
export interface OpenAnswer {
  /** Where the redirects have led. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
}

/**
 * Sends a GET and follows up to five redirects, by hand, so that credentials never travel to another origin.
 * @throws {HttpFailure} when there is no answer; the signal's reason when it is aborted.
 */
export async function openUrl({ url, headers, signal, purpose }: HttpRequest): Promise<OpenAnswer> {
  let current = httpUrl(url);
  let sent = headers;
  for (let hops = 0; hops <= REDIRECTS_MAX; hops += 1) {
    const answer = await send(current, sent, signal, purpose);
    const target = answer.headers['location'];
    if (!REDIRECT_STATUSES.has(answer.statusCode) || typeof target !== 'string') {
      return {
        url: current.href,
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body,
      };
    }
    discard(answer.body);
    const next = httpUrl(target, current);
    if (next.origin !== current.origin) sent = withoutCredentials(sent);
    current = next;
  }
  throw new HttpFailure(`more than ${REDIRECTS_MAX} redirects`, 'TOO_MANY_REDIRECTS');
}

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  purpose: HttpRequest['purpose'],
): Promise<Dispatcher.ResponseData> {
  try {
    const dispatcher = purpose === 'media' ? probeAgent : agent;
    return await request(url, { dispatcher, signal, headers: { ...headers } });
  } catch (error) {
    signal.throwIfAborted();
    throw httpFailureOf(error);
  }
}

/** Closes the connection without reading the rest. */
export function discard(body: OpenAnswer['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

function httpUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HttpFailure('not an HTTP address', 'INVALID_URL');
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !CREDENTIAL_HEADERS.has(name.toLowerCase())),
  );
}
