import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the server saw it. */
export interface FeedRequest {
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
  readonly atMs: number;
  readonly connection: number;
}

/**
 * How a feed is answered:
 * - `good`: with its items, or 304 when nothing has changed.
 * - `reset`: the connection is reset before any header.
 * - `held`: not at all, until the connection ends.
 * - `half`: with the first half of the document and no more.
 * - `cut`: with a document that ends too soon although the transfer is complete.
 * - `away`: with 503 and a wait.
 */
export type FeedMode = 'good' | 'reset' | 'held' | 'half' | 'cut' | 'away';

interface Feed {
  items: string[];
  mode: FeedMode;
}

/** Feeds whose items and behaviour a test changes while they are fetched. */
export class FeedServer {
  readonly requests: FeedRequest[] = [];
  readonly #feeds = new Map<string, Feed>();
  readonly #server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const connection = this.#connections.get(request.socket) ?? 0;
    this.requests.push({ name, headers: request.headers, atMs: Date.now(), connection });
    void this.#answerWhenFree(name, request.headers, response);
  });
  readonly #connections = new Map<Socket, number>();
  #lastConnection = 0;
  readonly #held = new Map<string, Promise<void>>();

  static async start(): Promise<FeedServer> {
    const feeds = new FeedServer();
    feeds.#server.on('connection', (socket: Socket) => {
      socket.on('error', () => undefined);
      feeds.#connections.set(socket, (feeds.#lastConnection += 1));
    });
    await new Promise<void>((resolve) => feeds.#server.listen(0, '127.0.0.1', resolve));
    return feeds;
  }

  url(name: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  /** Made at first use, with one item and in good order. */
  feed(name: string): Feed {
    let feed = this.#feeds.get(name);
    if (feed === undefined) this.#feeds.set(name, (feed = { items: [`${name}-1`], mode: 'good' }));
    return feed;
  }

  /** Requests of a feed are noted but not answered until the returned function is called. */
  hold(name: string): () => void {
    let free = (): void => undefined;
    this.#held.set(name, new Promise((resolve) => (free = resolve)));
    return () => free();
  }

  requestsOf(name: string): FeedRequest[] {
    return this.requests.filter((request) => request.name === name);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answerWhenFree(name: string, headers: IncomingHttpHeaders, response: ServerResponse): Promise<void> {
    await this.#held.get(name);
    this.#answer(this.feed(name), headers, response);
  }

  #answer({ items, mode }: Feed, headers: IncomingHttpHeaders, response: ServerResponse): void {
    const etag = `"${items.length}"`;
    const body = rss(items);
    const head = { 'content-type': 'application/rss+xml', 'content-length': Buffer.byteLength(body), etag };
    switch (mode) {
      case 'good':
        if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
        else response.writeHead(200, head).end(body);
        return;
      case 'reset':
        (response.socket as Socket).resetAndDestroy();
        return;
      case 'held':
        return;
      case 'half':
        response.writeHead(200, head).write(body.slice(0, body.length / 2));
        return;
      case 'cut':
        response.writeHead(200, { 'content-type': 'application/rss+xml', etag }).end(body.slice(0, -16));
        return;
      case 'away':
        response.writeHead(503, { 'retry-after': '120' }).end();
    }
  }
}

function rss(items: readonly string[]): string {
  const entries = items.map((item) => `<item><guid>${item}</guid><title>Title of ${item}</title></item>`);
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${entries.toReversed().join('')}</channel></rss>`;
}
