import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a client can ask with later, to be told that nothing has changed. */
export interface FeedValidators {
  /** Strong: of the bytes of the document. */
  readonly etag: string;
  /** Last change, in epoch milliseconds. */
  readonly changedAtMs: number;
}

export function validatorsOf(body: string, changedAt: string): FeedValidators {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 32)}"`;
  return { etag, changedAtMs: Date.parse(changedAt) };
}

/**
 * `Last-Modified`: the first full second after the change, because two changes in one second must not look like one; never
 * later than now.
 */
export function lastModified({ changedAtMs }: FeedValidators, nowMs: number): string {
  const fullSecondMs = Math.ceil(changedAtMs / 1000) * 1000;
  return new Date(Math.min(fullSecondMs, nowMs)).toUTCString();
}

/** True when the client has the document already (RFC 9110): the date only counts where it gives no ETag. */
export function isKnown(headers: IncomingHttpHeaders, { etag, changedAtMs }: FeedValidators): boolean {
  const known = headers['if-none-match'];
  if (known !== undefined) return known.trim() === '*' || etagsOf(known).includes(etag);
  const sinceMs = Date.parse(headers['if-modified-since'] ?? '');
  return changedAtMs <= sinceMs;
}

/** Compared weakly: a proxy that packs a document makes its ETag a weak one. */
function etagsOf(list: string): string[] {
  return list.match(/"[^"]*"/g) ?? [];
}
