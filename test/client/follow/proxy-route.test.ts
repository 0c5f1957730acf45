/**
 * Goal: the proxy route of docs/proxy-route.md works as it is printed there.
 * Method: its code is taken from the page, compiled, and served in front of a real gateway; `holdfast/follow` is what it imports.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createContext, SourceTextModule, SyntheticModule } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { EventSource } from 'eventsource';
import * as follow from '../../../client/follow/index.js';
import { Followed, wholeLog } from '../../support/followed.js';
import { messagesIn } from '../../support/raw-stream.js';
import { startSseProxy, type SseProxy } from '../../support/sse-proxy.js';
import {
  playedJobRoute,
  PlayedJob,
  startStreamGateway,
  type StreamGateway,
} from '../../support/stream-gateway.js';

type Route = (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response>;

const root = fileURLToPath(new URL('../../..', import.meta.url));

let job: PlayedJob;
let gateway: StreamGateway;
/** Between the route and the gateway. */
let network: SseProxy;
let application: Server;
let url: string;

beforeEach(async () => {
  job = new PlayedJob();
  gateway = await startStreamGateway(job, { heartbeatMs: 100, addRoutes: playedJobRoute(job) });
  network = await startSseProxy(() => gateway.url);
  application = serve(await routeOfPage({ HOLDFAST_GATEWAY: network.url }));
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(application.address() as AddressInfo).port}/api/jobs/played`;
});
afterEach(async () => {
  application.closeAllConnections();
  application.close();
  await network.close();
  await gateway.close();
});

/** The code of the page, as a module whose environment is the given one. */
async function routeOfPage(environment: Record<string, string>): Promise<Route> {
  const page = readFileSync(`${root}/docs/proxy-route.md`, 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const { code: script } = transformSync(code, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const context = createContext({
    process: { env: environment },
    fetch,
    Request,
    Response,
    ReadableStream,
    TextEncoder,
    Date,
  });
  const module = new SourceTextModule(script, { context });
  await module.link((specifier) => {
    expect(specifier).toBe('holdfast/follow');
    const parts = Object.entries(follow);
    return new SyntheticModule(
      parts.map(([name]) => name),
      function () {
        for (const [name, part] of parts) this.setExport(name, part);
      },
      { context },
    );
  });
  await module.evaluate();
  return (module.namespace as { GET: Route }).GET;
}

/** What a framework does around a route. */
function serve(route: Route): Server {
  return createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    const headers = Object.entries(incoming.headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    );
    const request = new Request(`http://app${incoming.url}`, { headers, signal: gone.signal });
    const id = incoming.url?.split('/')[3] ?? '';
    if (incoming.url?.endsWith('/stream') !== true) {
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(job.view()));
      return;
    }
    void route(request, { params: Promise.resolve({ id }) }).then((response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body === null) outgoing.end();
      else
        Readable.fromWeb(response.body as never)
          .on('error', () => outgoing.destroy())
          .pipe(outgoing);
    });
  });
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000 && !condition(); waitedMs += 20) await sleep(20);
  if (!condition()) throw new Error(`never: ${what}`);
}

describe('the proxy route of the docs', () => {
  it('passes a stream on with its headers, ids and end', async () => {
    job.progress(3).finish();
    const response = await fetch(`${url}/stream`, { headers: { 'last-event-id': '2' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(messagesIn(await response.text()).map(({ id }) => id)).toEqual([3, 4, 5]);
    expect((await fetch(`${url}/stream`, { headers: { 'last-event-id': '5' } })).status).toBe(204);
  });

  it('says why a stream broke, in the words of the contract, also in the middle of an event', async () => {
    network.faults.cut = { afterBytes: 330, how: 'reset' };
    job.progress(10);
    const text = await (await fetch(`${url}/stream`)).text();
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({
      type: 'error',
      fatal: false,
      error_code: 'STREAM_CLOSED',
      message: expect.stringMatching(/^Connection closed by server/) as unknown,
    });
  });

  it('says that the gateway cannot be reached, and works again when it can', async () => {
    const { port } = gateway;
    await gateway.close();
    const errors: unknown[] = [];
    const source = new EventSource(`${url}/stream`);
    const seen: number[] = [];
    source.addEventListener('message', ({ data, lastEventId }) => {
      const event = JSON.parse(String(data)) as { type: string; error_code?: string };
      if (event.type === 'error') errors.push(event.error_code);
      else seen.push(Number(lastEventId));
    });
    await until(() => errors.length > 0, 'an error event');
    expect(errors[0]).toBe('STREAM_CLOSED');
    gateway = await startStreamGateway(job, { port });
    job.progress(2).finish();
    await until(() => source.readyState === source.CLOSED, 'the end');
    source.close();
    expect(seen).toEqual(wholeLog(4));
  });

  it('lets followJob see all of a job through every cut', async () => {
    network.faults.cut = { afterBytes: 1_500, how: 'reset' };
    job.progress(40).finish();
    const followed = new Followed(url, { reconnectDelayMs: () => 20 });
    await followed.ended;
    expect(followed.offsets).toEqual(wholeLog(42));
    expect(new Set(followed.codes)).toEqual(new Set(['STREAM_CLOSED']));
  });

  it('ends its request when the browser goes away', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${url}/stream`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await until(() => gateway.hub.streamCount === 0, 'the stream to end');
  });

  it('imports what the package exports', () => {
    const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      exports: Record<string, unknown>;
    };
    expect(exports['./follow']).toEqual({
      types: './dist/client/follow/index.d.ts',
      default: './dist/client/follow/index.js',
    });
  });
});
