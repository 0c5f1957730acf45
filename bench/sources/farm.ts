import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { behaviourOf, type Behaviour } from './kinds.js';
import { feedOf } from './feed.js';
import type { FarmAnswer, FarmQuestion, FarmRequest } from './farm-messages.js';

/**
 * The sites of the benchmark, as a process of its own so that its CPU time can be told apart. The address says how a source behaves,
 * e.g. `/healthy-12`. It answers nothing before the process that started it has said what it wants to know.
 */

/** How long a site takes to answer: without it nothing would be under way at the same time. */
const ANSWER_AFTER_MS = 200;

/** What has been asked since the last report. */
let requests: FarmRequest[] = [];
let atOnce = 0;
let atOnceMax = 0;
const timesAsked = new Map<string, number>();
const firstAskedAtMs = new Map<string, number>();

const server = createServer((request, response) => {
  const name = (request.url ?? '/').slice(1);
  const atMs = Date.now();
  const validator = request.headers['if-none-match'];
  atOnce += 1;
  atOnceMax = Math.max(atOnceMax, atOnce);
  response.once('close', () => {
    atOnce -= 1;
    requests.push({
      name,
      atMs,
      endedAtMs: Date.now(),
      status: response.statusCode,
      whole: response.writableFinished,
    });
  });
  const nth = (timesAsked.get(name) ?? 0) + 1;
  timesAsked.set(name, nth);
  if (!firstAskedAtMs.has(name)) firstAskedAtMs.set(name, atMs);
  const waitedMs = atMs - (firstAskedAtMs.get(name) ?? atMs);
  const behaviour = behaviourOf(name, nth, waitedMs);
  setTimeout(() => answer(behaviour, name, validator, response), ANSWER_AFTER_MS);
});
server.on('connection', (socket: Socket) => socket.on('error', () => undefined));

function answer(
  behaviour: Behaviour,
  name: string,
  validator: string | undefined,
  response: ServerResponse,
): void {
  switch (behaviour.kind) {
    case 'feed':
      return sendFeed(name, validator, response);
    case 'reset':
      (response.socket as Socket).resetAndDestroy();
      return;
    case 'silence':
      return;
    case 'status':
      response.writeHead(behaviour.status, behaviour.headers).end();
  }
}

function sendFeed(name: string, validator: string | undefined, response: ServerResponse): void {
  const { body, etag } = feedOf(name);
  if (validator === etag) response.writeHead(304, { etag }).end();
  else {
    const headers = {
      'content-type': 'application/rss+xml',
      'content-length': Buffer.byteLength(body),
      etag,
    };
    response.writeHead(200, headers).end(body);
  }
}

function tell(message: FarmAnswer): void {
  process.send?.(message);
}

process.on('message', (question: FarmQuestion) => {
  if (question === 'forget') {
    timesAsked.clear();
    firstAskedAtMs.clear();
  }
  tell({ requests, atOnceMax });
  requests = [];
  atOnceMax = atOnce;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
