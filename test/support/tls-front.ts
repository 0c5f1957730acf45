import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './hostile-server/certificates.js';

/** Takes TLS off and hands on to another server, as what stands in front of RTMP servers does. */
export interface TlsFront {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts one in front of a port of this machine. */
export async function startTlsFront(certificate: Certificate, backendPort: number): Promise<TlsFront> {
  const open = new Set<TLSSocket>();
  const server = createServer({ ...certificate }, (socket) => {
    const backend = connect(backendPort, '127.0.0.1');
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      backend.destroy();
    });
    backend.on('close', () => socket.destroy());
    for (const side of [socket, backend]) side.on('error', () => {});
    socket.pipe(backend).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
