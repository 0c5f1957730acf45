import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Servers of which a client gets nothing. */
export interface HopelessServers {
  /** Takes every connection and says nothing, `host:port`. */
  readonly silent: string;
  /** Takes every connection and resets it, `host:port`. */
  readonly resetting: string;
  /** Answers a path like `/500` with that status; an URL without the path. */
  readonly http: string;
  close(): Promise<void>;
}

export async function startHopelessServers(): Promise<HopelessServers> {
  const open = new Set<Socket>();
  const silent = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.once('close', () => open.delete(socket));
  });
  const resetting = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  const http = createHttpServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1, 4)), { 'content-length': 0 }).end();
  });
  const servers: Server[] = [silent, resetting, http];
  const [silentAddress, resettingAddress, httpAddress] = await Promise.all(servers.map(listen));
  return {
    silent: silentAddress as string,
    resetting: resettingAddress as string,
    http: `http://${httpAddress}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
