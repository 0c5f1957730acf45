import { connect } from 'node:net';
import { httpFailureOf } from '../http/failure.js';
import { NO_PORT, parseAddress } from './address.js';
import type { ProbeAnswer } from './probe.js';

/** Connects and closes at once: more would be a session of the protocol. */
export function probeTcp(url: string, defaultPort: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const address = parseAddress(url, defaultPort);
  if (address === null) return Promise.resolve(NO_PORT);
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
