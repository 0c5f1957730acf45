import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackHost } from '../../core/config/loopback.js';

/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Why a request must be refused that some web page in a browser may have sent without its user knowing: changes asked for by
 * the page of another site. Undefined when there is nothing against it.
 */
export function foreignPage(method: string, headers: IncomingHttpHeaders): string | undefined {
  if (SAFE_METHODS.has(method)) return undefined;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return undefined;
  // Programs send neither header.
  if (site === undefined && headers.origin === undefined) return undefined;
  if (site === undefined && hostOfOrigin(headers.origin ?? '') === headers.host?.toLowerCase())
    return undefined;
  return `a page of another site (${headers.origin ?? site}) may not change anything here`;
}

/**
 * Why the `Host` of a request must be refused on a loopback address without a token: a page may point a name of its own at
 * 127.0.0.1 and read what is served there. Undefined when there is nothing against it.
 */
export function foreignHost(headers: IncomingHttpHeaders, ownHost: string): string | undefined {
  const host = headers.host ?? '';
  const name = hostNameOf(host);
  if (isLoopbackHost(name) || name === ownHost.toLowerCase()) return undefined;
  return `without a token only requests to a loopback address are answered, not to ${host || 'none'}; set gateway.token to be reached by other names`;
}

/** Name or address of a `Host` header, without the port. */
function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
