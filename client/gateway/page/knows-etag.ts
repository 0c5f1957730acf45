/** True when an `If-None-Match` header names an ETag; compared weakly, because a proxy that packs a file weakens it. */
export function knowsEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((known) => ['*', etag, `W/${etag}`].includes(known.trim()));
}
