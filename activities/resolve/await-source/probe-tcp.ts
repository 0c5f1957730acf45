import { connect } from 'node:net';
import { httpFailureOf } from '../http/failure.js';
import type { ProbeAnswer } from './probe.js';

/** Connects and closes at once: more would be a session of the protocol. */
export function probeTcp(url: string, defaultPort: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const address = parseAddress(url, defaultPort);
  if (address === null) return Promise.resolve({ answered: false, detail: 'the address names no port' });
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address });
    const giveUp = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    const settle = (answer: ProbeAnswer) => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () =>
      settle({ answered: true, detail: `port ${address.port} accepts connections` }),
    );
    socket.on('error', (error) => settle({ answered: false, detail: httpFailureOf(error).message }));
  });
}

/** `URL` knows neither the hosts nor the ports of these schemes; as HTTP it does. */
function parseAddress(url: string, defaultPort: number): { host: string; port: number } | null {
  const asHttp = url.replace(/^[a-z][a-z0-9+.-]*:/i, 'http:');
  if (!URL.canParse(asHttp)) return null;
  const { hostname, port } = new URL(asHttp);
  // Port 80 is left out of an HTTP address.
  const explicit = port === '' && /:80(?=[/?#]|$)/.test(asHttp) ? 80 : Number(port);
  const chosen = explicit === 0 ? defaultPort : explicit;
  return chosen === 0 ? null : { host: hostname.replace(/^\[|\]$/g, ''), port: chosen };
}
