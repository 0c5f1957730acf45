import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANSWERS, type HostileKind } from './answers.js';

export { goodFeed, type HostileKind } from './answers.js';

/** A request as the server saw it. */
export interface HostileRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly atMs: number;
  /** The connection it came on, from 1. */
  readonly connection: number;
}

export interface HostileServer {
  readonly origin: string;
  readonly requests: HostileRequest[];
  /** Connections that are open now. */
  readonly openConnections: () => number;
  /** The address that answers in this way; `rest` is a name, and may hold a query. */
  url(kind: HostileKind, rest?: string): string;
  /** What `/robots.txt` answers; 404 at first. */
  robots: { readonly status: number; readonly text: string };
  close(): Promise<void>;
}

/** A server that does with each request what the first part of its path says. */
export async function startHostileServer(host = '127.0.0.1'): Promise<HostileServer> {
  const requests: HostileRequest[] = [];
  const connections = new Map<object, number>();
  let lastConnection = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const connection = connections.get(request.socket) ?? 0;
    requests.push({ path: request.url ?? '', headers: request.headers, atMs: Date.now(), connection });
    request.socket.on('error', () => undefined);
    const [kind = '', name = ''] = url.pathname.slice(1).split('/');
    if (kind === 'robots.txt') response.writeHead(hostile.robots.status).end(hostile.robots.text);
    else if (!(kind in ANSWERS)) response.writeHead(404).end('no such kind');
    else ANSWERS[kind as HostileKind]({ request, response, name, query: url.searchParams });
  });
  server.on('connection', (socket) => {
    connections.set(socket, (lastConnection += 1));
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const hostile: HostileServer = {
    origin,
    requests,
    openConnections: () => connections.size,
    url: (kind, rest = 'source') => `${origin}/${kind}/${rest}`,
    robots: { status: 404, text: '' },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hostile;
}
