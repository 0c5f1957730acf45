import { getDomain, parse } from 'tldts';

/** `hls://http://host/...`: streamlink's prefixes stand before the address proper. */
const PREFIXED = /^[a-z0-9-]+:\/\/(?=[a-z][a-z0-9+.-]*:\/\/)/i;

/**
 * The site behind an address: its registrable domain (`www.example.co.uk` and `api.example.co.uk` are one), or host and
 * port where there is none (localhost, IP addresses, names without a public suffix).
 */
export function siteKey(address: string): string {
  const bare = address.replace(PREFIXED, '');
  const { isIp, hostname } = parse(bare);
  const domain = isIp === true ? null : getDomain(bare);
  if (domain !== null) return domain;
  const url = URL.canParse(bare) ? new URL(bare) : null;
  return url === null || url.host === '' ? (hostname ?? bare.slice(0, 200)) : url.host;
}
