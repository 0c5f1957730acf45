import { LINK_CHARACTERS } from './limits.js';

/** A link that may be put before people: http or https, without a name and password. Null when it is none. */
export function safeLink(written: string | null): string | null {
  if (written === null || written.length > LINK_CHARACTERS || !URL.canParse(written)) return null;
  const url = new URL(written);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.username = '';
  url.password = '';
  // Percent-encoded by the parser, so that no quote or bracket is left to break out with; parentheses and the apostrophe are.
  return url.href.replaceAll("'", '%27').replaceAll('(', '%28').replaceAll(')', '%29');
}

/** Parameters that say where a reader came from and not what is read. */
const TRACKING_PARAMETERS =
  /^(?:utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ref|ref_src|cmpid|ocid|wt_mc)$/i;

/** The same text for addresses of the same page; null for the front page of a site, which is about nothing in particular. */
export function pageOf(link: string): string | null {
  const url = new URL(link);
  const parameters = [...url.searchParams].filter(([name]) => !TRACKING_PARAMETERS.test(name));
  const path = url.pathname.replace(/\/+$/, '');
  if (path === '' && parameters.length === 0) return null;
  const query = parameters
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  return `${url.host.replace(/^www\./, '')}${path}?${query}`;
}
