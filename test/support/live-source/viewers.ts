import type { ServerResponse } from 'node:http';

/** A viewer that reads more slowly than the show runs is dropped at this backlog. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

/** The viewers of one endless stream. */
export class Viewers {
  readonly #responses = new Set<ServerResponse>();

  get count(): number {
    return this.#responses.size;
  }

  /** @param head What has to come before everything else. */
  add(response: ServerResponse, contentType: string, head: Buffer): void {
    response.writeHead(200, { 'Content-Type': contentType, Connection: 'close' });
    response.flushHeaders();
    if (head.length > 0) response.write(head);
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }

  send(bytes: Buffer): void {
    for (const response of this.#responses) {
      if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
      else response.write(bytes);
    }
  }

  end(): void {
    for (const response of this.#responses) response.end();
  }
}
