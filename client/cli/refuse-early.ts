import { connect } from 'node:net';
import { TemporalUnreachableError, type ConnectionOptions } from '../../core/connection-options.js';
import { UsageError } from './errors.js';

/** Anything slower than this is for the client library to judge. */
const PROBE_TIMEOUT_MS = 1_000;
const PORT_DEFAULT = 7_233;

/**
 * Fails at once when nothing listens at the address, instead of after the ten seconds that the client library waits
 * for a server to appear. Says nothing about any other trouble.
 * @throws {TemporalUnreachableError}
 */
export async function refuseEarly(connection: ConnectionOptions): Promise<void> {
  const { host, port } = splitAddress(connection.address);
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, timeout: PROBE_TIMEOUT_MS });
    const settle = (error?: NodeJS.ErrnoException): void => {
      socket.destroy();
      if (error?.code === 'ECONNREFUSED') reject(new TemporalUnreachableError(connection, error));
      else resolve();
    };
    socket.once('connect', () => settle());
    socket.once('timeout', () => settle());
    socket.once('error', settle);
  });
}

function splitAddress(address: string): { host: string; port: number } {
  const text = `tcp://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') throw new UsageError(`address ${address}: expected host:port`);
  const port = url.port === '' ? PORT_DEFAULT : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}
