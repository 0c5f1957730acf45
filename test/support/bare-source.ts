import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A live show over bare TCP connections. */
export interface BareSource {
  readonly url: string;
  /** Closes every connection in order, as a server does that ends; tells how many there were. */
  fin(): number;
  /** While true, whoever connects is let go at once, before anything is sent. */
  isEmpty: boolean;
  close(): Promise<void>;
}

/** Passes an MPEG-TS show that comes over HTTP on to everybody who connects. */
export async function startBareSource(showUrl: string): Promise<BareSource> {
  const viewers = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (source.isEmpty) return void socket.end();
    viewers.add(socket);
    const request = get(showUrl, { agent: false }, (show) => show.pipe(socket));
    request.on('error', () => socket.destroy());
    socket.once('close', () => {
      viewers.delete(socket);
      request.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const source: BareSource = {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isEmpty: false,
    fin: () => {
      const count = viewers.size;
      for (const socket of viewers) socket.end();
      return count;
    },
    close: async () => {
      for (const socket of viewers) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return source;
}
