import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

type Handler = (...parameters: Parameters<RequestListener>) => void | Promise<void>;

/** An HTTP server whose connections can be broken in every way. Listens on 127.0.0.1. */
export class BreakableServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(handler: Handler) {
    this.#server = createServer((request, response) => void handler(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @param port 0 for a free one. Returns the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve(this.#port);
      });
    });
  }

  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  finishAll(): void {
    for (const socket of this.#sockets) socket.end();
  }

  /** Nobody listens on the port for this long. */
  async refuse(durationMs: number): Promise<void> {
    await this.close();
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    await this.listen(this.#port);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.resetAll();
    await closed;
  }
}
