import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** A feed that any reader takes. */
export function goodFeed(name: string, items = 2): string {
  const entries = Array.from({ length: items }, (_, index) => {
    const link = `https://example.org/${name}/${index}`;
    return `<item><title>${name} ${index}</title><link>${link}</link><guid>${link}</guid></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>${name}</title>${entries.join('')}</channel></rss>`;
}

const FEED_TYPE = 'application/rss+xml; charset=utf-8';
/** Unpacks to 64 MiB. */
const BOMB = gzipSync(Buffer.alloc(64 * 2 ** 20));
/** More elements than any feed has, packed small: a reader without limits takes long and much for them. */
const HEAVY = gzipSync(`<rss version="2.0"><channel>${'<i/>'.repeat(540_000)}</channel></rss>`);
/** "Порт открыт" in windows-1251. */
const PORT_IS_OPEN = Buffer.from('cfeef0f220eef2eaf0fbf2', 'hex');
const DRIP_EVERY_MS = 20;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the kind in the path. */
  readonly name: string;
  readonly query: URLSearchParams;
}

type Answer = (exchange: Exchange) => void;

function raw({ request }: Exchange, head: readonly string[], body: string | Buffer = ''): void {
  request.socket.write(`${head.join('\r\n')}\r\n\r\n`);
  request.socket.write(body);
}

function redirect({ response }: Exchange, location: string, status = 302): void {
  response.writeHead(status, { location }).end('on');
}

/** Ways to answer, and above all not to. */
export const ANSWERS = {
  /** An ordinary feed with an ETag: a second request is answered with 304. */
  good: ({ request, response, name }) => {
    const etag = `"${name}-1"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { 'content-type': FEED_TYPE, etag }).end(goodFeed(name));
  },
  /** One more item each `every` milliseconds since `from`, and 304 in between. */
  growing: ({ request, response, name, query }) => {
    const count = 1 + Math.floor((Date.now() - Number(query.get('from'))) / Number(query.get('every')));
    const etag = `"${name}-${count}"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { 'content-type': FEED_TYPE, etag }).end(goodFeed(name, count));
  },
  unchanged: ({ response }) => void response.writeHead(304, { etag: '"v7"' }).end(),
  'reset-before-headers': ({ request }) => request.socket.resetAndDestroy(),
  'reset-mid-headers': (exchange) => {
    exchange.request.socket.write('HTTP/1.1 200 OK\r\nContent-Ty', () =>
      setTimeout(() => exchange.request.socket.resetAndDestroy(), 5),
    );
  },
  'reset-mid-body': (exchange) => {
    raw(exchange, ['HTTP/1.1 200 OK', 'Content-Length: 10000'], '<rss');
    setTimeout(() => exchange.request.socket.resetAndDestroy(), 20);
  },
  'close-before-headers': ({ request }) => void request.socket.end(),
  stall: () => undefined,
  'stall-mid-body': (exchange) => raw(exchange, ['HTTP/1.1 200 OK', 'Content-Length: 10000'], '<rss'),
  drip: ({ response }) => {
    response.writeHead(200, { 'content-type': FEED_TYPE });
    const timer = setInterval(() => response.write(' '), DRIP_EVERY_MS);
    response.on('close', () => clearInterval(timer));
  },
  bomb: ({ response }) =>
    void response.writeHead(200, { 'content-type': FEED_TYPE, 'content-encoding': 'gzip' }).end(BOMB),
  heavy: ({ response }) =>
    void response.writeHead(200, { 'content-type': FEED_TYPE, 'content-encoding': 'gzip' }).end(HEAVY),
  endless: ({ response }) => {
    const block = Buffer.alloc(65_536, 0x20);
    const pour = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.writeHead(200, { 'content-type': FEED_TYPE }).on('drain', pour);
    pour();
  },
  'announced-too-large': (exchange) => raw(exchange, ['HTTP/1.1 200 OK', 'Content-Length: 99999999999'], 'x'),
  'length-too-long': (exchange) => {
    raw(exchange, ['HTTP/1.1 200 OK', 'Content-Length: 100000'], goodFeed('short'));
    exchange.request.socket.end();
  },
  'length-not-a-number': (exchange) => {
    raw(exchange, ['HTTP/1.1 200 OK', 'Content-Length: many'], goodFeed('short'));
    exchange.request.socket.end();
  },
  'chunk-garbage': (exchange) => {
    raw(exchange, ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], 'zz\r\nnot a chunk\r\n');
    exchange.request.socket.end();
  },
  'not-http': ({ request }) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  'gzip-cut': ({ response, name }) => {
    const packed = gzipSync(goodFeed(name, 200));
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, packed.length / 2));
  },
  'gzip-unsaid': ({ response, name }) => void response.writeHead(200).end(gzipSync(goodFeed(name))),
  'gzip-untrue': ({ response, name }) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(goodFeed(name)),
  'encoding-unknown': ({ response }) =>
    void response.writeHead(200, { 'content-encoding': 'lzma9000' }).end('??'),
  'redirect-loop': (exchange) => redirect(exchange, `/redirect-loop/${Number(exchange.name) + 1}`),
  'redirect-circle': (exchange) => redirect(exchange, `/redirect-circle/${exchange.name}`),
  redirect: (exchange) =>
    redirect(exchange, exchange.query.get('to') ?? '', Number(exchange.query.get('status') ?? 302)),
  'redirect-nowhere': ({ response }) => void response.writeHead(302).end(),
  status: ({ response, name, query }) => {
    const wait = query.get('retry-after');
    response.writeHead(Number(name), wait === null ? {} : { 'retry-after': wait }).end('no');
  },
  challenge: ({ response }) =>
    void response.writeHead(403, { 'cf-mitigated': 'challenge' }).end('<title>Just a moment...</title>'),
  html: ({ response }) =>
    void response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>'),
  'windows-1251': ({ response }) => {
    const before = Buffer.from(
      '<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>x</title><item><guid>r-1</guid><title>',
    );
    const after = Buffer.from('</title></item></channel></rss>');
    response.writeHead(200, { 'content-type': 'text/xml' }).end(Buffer.concat([before, PORT_IS_OPEN, after]));
  },
  'headers-too-large': ({ response }) => void response.writeHead(200, { 'x-long': 'x'.repeat(60_000) }).end(),
} as const satisfies Readonly<Record<string, Answer>>;

export type HostileKind = keyof typeof ANSWERS;
