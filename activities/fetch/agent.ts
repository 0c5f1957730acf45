import { rootCertificates } from 'node:tls';
import { Agent } from 'undici';
import { isPrivateAddress, publicLookup } from './address-guard.js';
import type { FetchDeps, FetchRequest } from './request.js';

/**
 * An agent for one attempt: HTTP/1.1, each request on a connection of its own with `Connection: close`. For sources
 * that are asked once in minutes a kept connection is mostly a dead one.
 */
export function createAgent({ limits, allowPrivate }: FetchRequest, deps: FetchDeps): Agent {
  const guarded = publicLookup(deps.isPrivateAddress ?? isPrivateAddress, deps.lookup);
  const lookup = allowPrivate ? deps.lookup : guarded;
  const extra = deps.trustedCertificates;
  return new Agent({
    allowH2: false,
    pipelining: 0,
    headersTimeout: limits.headers_timeout,
    // Between two pieces of the body; the whole of it is limited by the deadline.
    bodyTimeout: limits.headers_timeout,
    connect: {
      timeout: limits.connect_timeout,
      maxCachedSessions: 0,
      ...(lookup === undefined ? {} : { lookup }),
      ...(extra === undefined ? {} : { ca: [...rootCertificates, ...extra] }),
    },
  });
}
