import type { AddressInfo } from 'node:net';
import { buildApp, type GatewayApp } from './app.js';
import type { GatewayDeps } from './deps.js';
import { cannotListen, readListenAddress, refuseWithoutToken } from './listen-address.js';

export interface GatewayOptions {
  /** `host:port`; port 0 is any free one. */
  readonly listen: string;
  /** Secrets filled in; null for none, on a loopback address only. */
  readonly token: string | null;
  /** Take any free port of a loopback address when the wanted one is taken, with a warning. Default false. */
  readonly otherPortWhenTaken?: boolean;
  readonly deps: GatewayDeps;
}

/** A gateway that serves. */
export interface RunningGateway {
  /** Address for people: `http://127.0.0.1:7600`. */
  readonly url: string;
  /** Ends open connections, within two seconds. Idempotent. */
  close(): Promise<void>;
}

/** An answer under way may still be given when the gateway closes; what takes longer is cut off. */
const LAST_ANSWERS_MS = 1_500;

/**
 * Serves the gateway.
 * @throws {GatewayStartError} when the address cannot be listened on, or needs a token.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { listen, token, deps } = options;
  refuseWithoutToken(listen, token);
  const address = readListenAddress(listen);
  const app = await buildApp(deps, { token, listenHost: address.host });
  try {
    await listenOn(app, options);
  } catch (error) {
    await app.close();
    throw cannotListen(listen, error as NodeJS.ErrnoException);
  }
  let closing: Promise<void> | undefined;
  return { url: urlOf(app, address.host), close: () => (closing ??= closeApp(app)) };
}

async function listenOn(app: GatewayApp, options: GatewayOptions): Promise<void> {
  const { host, port, isLoopback } = readListenAddress(options.listen);
  try {
    await app.listen({ host, port });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    // Others expect an open address where it was; on this machine whoever looks can read where it went.
    if (!taken || !isLoopback || options.otherPortWhenTaken !== true) throw error;
    await app.listen({ host, port: 0 });
    options.deps.logger.warn(
      { wanted: options.listen, url: urlOf(app, host) },
      'gateway.listen is taken by another program: the gateway took a free port instead',
    );
  }
}

async function closeApp(app: GatewayApp): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}

function urlOf(app: GatewayApp, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const everywhere = host === '0.0.0.0' || host === '::';
  const shown = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}
