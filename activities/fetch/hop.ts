import { request as send, type Agent, type Dispatcher } from 'undici';
import { isPrivateAddress, refusePrivateLiteral } from './address-guard.js';
import { AttemptFailure } from './attempt-failure.js';
import { ACCEPTED_ENCODINGS } from './content-encoding.js';
import type { FetchDeps, FetchRequest } from './request.js';
import { conditionalHeaders } from './validators.js';

/** Headers that say nothing about who we are: they may follow a redirect to another site. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent']);

/** One request of a chain. */
export interface Hop {
  readonly url: URL;
  /** False once a redirect has led to another site. */
  readonly withCredentials: boolean;
}

/** Sends one request, after everything that speaks against the address has been asked. */
export async function sendHop(
  hop: Hop,
  request: FetchRequest,
  agent: Agent,
  signal: AbortSignal,
  deps: FetchDeps,
): Promise<Dispatcher.ResponseData> {
  if (!request.allowPrivate) refusePrivateLiteral(hop.url, deps.isPrivateAddress ?? isPrivateAddress);
  const bare = new URL(hop.url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return send(bare, { dispatcher: agent, signal, headers: headersOf(hop, request) });
}

function headersOf({ url, withCredentials }: Hop, request: FetchRequest): Record<string, string> {
  const configured = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => withCredentials || HARMLESS_HEADERS.has(name));
  return {
    'user-agent': request.userAgent,
    accept: request.accept,
    'accept-encoding': ACCEPTED_ENCODINGS,
    ...conditionalHeaders(request.validators),
    ...(withCredentials ? basicAuthorization(url) : {}),
    ...Object.fromEntries(configured),
  };
}

/** `user:password@` in the address. */
function basicAuthorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  let pair: string;
  try {
    pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    throw new AttemptFailure('invalid_url', 'user or password in the address are not percent-encoded');
  }
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
