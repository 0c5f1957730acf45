import { isLoopbackHost, splitListen } from '../../core/config/loopback.js';

/** Where to listen. */
export interface ListenAddress {
  /** As the system takes it: without the brackets of an IPv6 address. */
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly isLoopback: boolean;
}

/** The gateway cannot be started as it is configured; the message names the key and says what to do. */
export class GatewayStartError extends Error {
  override readonly name = 'GatewayStartError';
}

/** Reads `host:port` of the configuration. */
export function readListenAddress(listen: string): ListenAddress {
  const { host, port } = splitListen(listen);
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port, isLoopback: isLoopbackHost(host) };
}

/**
 * Never open to others without a token, whatever has put the two settings together.
 * @throws {GatewayStartError}
 */
export function refuseWithoutToken(listen: string, token: string | null): void {
  if (token !== null || readListenAddress(listen).isLoopback) return;
  throw new GatewayStartError(
    `gateway.listen: ${listen} can be reached from other machines, so it needs a gateway.token; set one, or listen on 127.0.0.1`,
  );
}

/** What to do about an address that cannot be listened on. */
export function cannotListen(listen: string, error: NodeJS.ErrnoException): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there already; end it, or choose another port',
    EADDRNOTAVAIL: 'this machine has no such address; choose one of its own, or 127.0.0.1',
    EACCES: 'this user may not listen there; choose a port from 1024 on',
    ENOTFOUND: 'there is no such host; choose an address of this machine, or 127.0.0.1',
  };
  const reason = reasons[error.code ?? ''];
  if (reason === undefined) return error;
  return new GatewayStartError(`gateway.listen: cannot listen on ${listen}: ${reason}`, { cause: error });
}
