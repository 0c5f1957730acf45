/** Details are read by people and travel through history. */
const DETAIL_LENGTH_MAX = 300;
/** More of a foreign document is never looked at for a detail. */
const TEXT_LENGTH_MAX = 16_384;
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s'"<>)\]]+)/gi;

/** Libraries print the path of a request alone, with its query. */
const QUERY_OF_PATH = /(\/[^\s?'"<>)]*)\?[^\s'"<>)\]]*=[^\s'"<>)\]]*/g;

/** Shortens addresses to what identifies them: no query, no fragment, no user and password. */
export function withoutQueries(text: string): string {
  const bare = text.replaceAll(ADDRESS, (_address, scheme: string, rest: string) => {
    const inner = /^[a-z][a-z0-9+.-]*:\/\//i.test(rest) ? withoutQueries(rest) : null;
    if (inner !== null) return scheme + inner;
    const authority = rest.split(/[/?#]/, 1)[0] ?? '';
    const host = authority.slice(authority.lastIndexOf('@') + 1);
    const path = rest.slice(authority.length);
    return scheme + host + path.replace(/[?#].*$/s, '');
  });
  return bare.replaceAll(QUERY_OF_PATH, '$1');
}

/** One line without addresses in full. Not shortened yet: half a secret could no longer be recognised. */
export function asDetail(text: string): string {
  return withoutQueries(text.slice(0, TEXT_LENGTH_MAX)).replaceAll(/\s+/g, ' ').trim();
}

/** The last step, after secrets have been removed. */
export function shorten(line: string): string {
  return line.length <= DETAIL_LENGTH_MAX ? line : `${line.slice(0, DETAIL_LENGTH_MAX - 3)}...`;
}
