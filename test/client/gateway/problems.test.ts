/**
 * Goal: everything that goes wrong is answered in one shape that tells nothing of what is inside, and the gateway begins and ends in
 * order. Method: a real gateway on a real port, with what is behind it failing in the ways that it can.
 */
import { describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { pino } from 'pino';
import { startGateway } from '../../../client/gateway/start.js';
import type { ItemQuery, SourceStore } from '../../../store/index.js';
import { request, sendRaw } from '../../support/raw-http.js';
import { gatewaysWithoutServer } from '../../support/gateways-without-server.js';

const TOKEN = 'correct horse battery staple';
const start = gatewaysWithoutServer();

describe('problems', () => {
  it('have one shape for what is not there, and for what cannot be done there', async () => {
    const gateway = await start();
    expect(await gateway.ask('/api/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: expect.stringContaining('/api/openapi.json') } },
    });
    const refused = await gateway.ask('/api/instances', { method: 'DELETE' });
    expect(refused).toMatchObject({
      status: 405,
      body: { error: { code: 'method_not_allowed', key: 'method', value: 'DELETE', allowed: 'GET, HEAD' } },
    });
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
    expect((await gateway.ask('/api/instances/stream/alice/pause')).headers.get('allow')).toBe('POST');
  });

  it('name the key, the value and what is allowed', async () => {
    const gateway = await start();
    expect((await gateway.ask('/api/instances?kind=tape')).body).toEqual({
      error: {
        code: 'invalid_input',
        message: 'query.kind: "tape" is not allowed; expected one of stream, capture, source',
        key: 'query.kind',
        value: 'tape',
        allowed: 'one of stream, capture, source',
      },
    });
    expect((await gateway.ask('/api/instances?stat=running')).body).toMatchObject({
      error: { key: 'query.stat', message: expect.stringContaining('did you mean state?') },
    });
    expect((await gateway.ask('/api/instances?kind=stream&kind=source')).status).toBe(400);
    expect((await gateway.ask('/api/instances/..%2Fetc/gaps')).body).toMatchObject({
      error: { key: 'params.id', allowed: expect.stringContaining('kind/name') },
    });
    expect((await gateway.post('/api/instances/alice/signal', { name: 'stop' })).body).toMatchObject({
      error: { code: 'invalid_input', key: 'body.name', value: 'stop' },
    });
    expect((await gateway.post('/api/instances/alice/signal')).body).toMatchObject({
      error: { code: 'invalid_input', key: 'body' },
    });
    expect((await gateway.ask('/api/instances/alice/gaps?since=2025-99-99')).body).toMatchObject({
      error: { code: 'invalid_input', key: 'query.since', value: '2025-99-99' },
    });
  });

  it.each([
    ['/api/%zz', 'GET', 400],
    [`/api/instances/${'x'.repeat(1_000)}`, 'GET', 400],
    ['/api/instances/a%00b/pause', 'POST', 400],
    ['//evil.example/api', 'GET', 404],
    ['/api/instances', 'TRACE', 405],
    ['/api/instances', 'PROPFIND', 405],
    ['/api/instances', 'QUERY', 405],
    ['/api/instances', 'OPTIONS', 405],
  ])('answer %.40s by %s with a problem, not with a page of the framework', async (path, method, status) => {
    const { url } = await start();
    const { host } = new URL(url);
    const answer = await sendRaw(url, request(path, { host, 'content-length': '0' }, method));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      error: { code: expect.any(String) },
    });
  });

  it('answer what is no HTTP with a problem as well', async () => {
    const { url } = await start();
    expect(await sendRaw(url, 'hello?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_input"/);
    const { host } = new URL(url);
    const broken = `POST /api/instances/a/signal HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"a":`;
    expect(await sendRaw(url, broken)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_input"/);
  });

  it('of our own keep their stack in the log, under the id that the client is told', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const failing = () => Promise.reject(new TypeError('secret inside of /srv/code.js'));
    const gateway = await start({
      logger,
      change: (deps) => ({ holdfast: { ...deps.holdfast, list: failing } }),
    });
    const { status, body } = await gateway.ask('/api/instances');
    expect(status).toBe(500);
    const { error } = body as { error: { code: string; message: string; requestId: string } };
    expect(error).toEqual({
      code: 'internal',
      message: 'something went wrong here; the log says what',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged).toEqual([
      expect.objectContaining({
        requestId: error.requestId,
        method: 'GET',
        path: '/api/instances',
        err: expect.objectContaining({
          message: 'secret inside of /srv/code.js',
          stack: expect.stringContaining('TypeError'),
        }),
      }),
    ]);
  });

  it('say that the store is away, and work again when it is back', async () => {
    let isAway = true;
    const gateway = await start({
      change: ({ store }) => {
        const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), {
          code: 'ECONNREFUSED',
        });
        const sources = Object.create(store.sources, {
          listItems: {
            value: (query: ItemQuery) => (isAway ? Promise.reject(refused) : store.sources.listItems(query)),
          },
        }) as SourceStore;
        return { store: { ...store, sources } };
      },
    });
    const answer = await gateway.ask('/api/items');
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'store_unavailable' } } });
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    isAway = false;
    expect((await gateway.ask('/api/items')).status).toBe(200);
  });

  it('say that the Temporal server is away, and when to ask again', async () => {
    const gateway = await start();
    const answer = await gateway.ask('/api/instances');
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unreachable' } } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('answers', () => {
  it('forbid a browser to guess, frame or keep them', async () => {
    const gateway = await start();
    for (const path of ['/api/openapi.json', '/nothing']) {
      const { headers } = await gateway.ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('have no body for HEAD', async () => {
    const gateway = await start();
    const { status, body, headers } = await gateway.ask('/api/openapi.json', { method: 'HEAD' });
    expect(status).toBe(200);
    expect(body).toBe('');
    expect(Number(headers.get('content-length'))).toBeGreaterThan(1_000);
  });
});

describe('start and end', () => {
  it('says which setting to change when the port is taken, or takes another one where that is allowed', async () => {
    const first = await start();
    const listen = new URL(first.url).host;
    await expect(start({ listen })).rejects.toThrow(
      `gateway.listen: cannot listen on ${listen}: another program listens there already; end it, or choose another port`,
    );
    await expect(start({ listen: '192.0.2.1:7600', token: TOKEN })).rejects.toThrow(
      'this machine has no such address',
    );
    const second = await startGateway({ listen, token: null, otherPortWhenTaken: true, deps: first.deps });
    try {
      expect(second.url).not.toBe(first.url);
      expect((await fetch(`${second.url}/api/openapi.json`)).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('ends within two seconds, whoever still holds a connection', async () => {
    const hanging = new Promise<never>(() => undefined);
    const gateway = await start({
      change: (deps) => ({ holdfast: { ...deps.holdfast, list: () => hanging } }),
    });
    const { hostname, port } = new URL(gateway.url);
    const idle = connect({ host: hostname, port: Number(port) });
    await new Promise((resolve) => idle.once('connect', resolve));
    const waiting = fetch(`${gateway.url}/api/instances`).then(
      () => 'answered',
      () => 'cut off',
    );
    await fetch(`${gateway.url}/api/openapi.json`).then((response) => response.text());
    const startedMs = performance.now();
    await gateway.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await waiting).toBe('cut off');
    idle.destroy();
    await expect(fetch(`${gateway.url}/api/openapi.json`)).rejects.toThrow();
  });
});
