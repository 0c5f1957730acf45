import type { ProbeAnswer } from './probe.js';

/** What is said of an address without a port where its protocol has no usual one. */
export const NO_PORT: ProbeAnswer = { answered: false, detail: 'the address names no port' };

/** `URL` knows neither the hosts nor the ports of these schemes; as HTTP it does. */
export function parseAddress(url: string, defaultPort: number): { host: string; port: number } | null {
  const asHttp = url.replace(/^[a-z][a-z0-9+.-]*:/i, 'http:');
  if (!URL.canParse(asHttp)) return null;
  const { hostname, port } = new URL(asHttp);
  // Port 80 is left out of an HTTP address.
  const explicit = port === '' && /:80(?=[/?#]|$)/.test(asHttp) ? 80 : Number(port);
  const chosen = explicit === 0 ? defaultPort : explicit;
  return chosen === 0 ? null : { host: hostname.replace(/^\[|\]$/g, ''), port: chosen };
}
