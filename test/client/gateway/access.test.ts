/**
 * Goal: the gateway answers only those who may ask, at a bearable rate. Method: a real gateway on a real port, asked with raw
 * sockets where a client would not send such a thing; the instances behind it are not needed.
 */
import { describe, expect, it } from '@jest/globals';
import { request, sendRaw } from '../../support/raw-http.js';
import { gatewaysWithoutServer } from '../../support/gateways-without-server.js';

const TOKEN = 'correct horse battery staple';
const start = gatewaysWithoutServer();

describe('the token', () => {
  it('is needed for everything but the sign of life', async () => {
    const gateway = await start({ token: TOKEN });
    const refused = await gateway.ask('/api/openapi.json');
    expect(refused).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await gateway.ask('/nothing/there')).status).toBe(401);
    expect((await gateway.ask('/api/instances/a', { method: 'DELETE' })).status).toBe(401);
  });

  it.each([
    ['as bearer', `Bearer ${TOKEN}`, 200],
    ['whatever the case of the scheme', `bEARER ${TOKEN}`, 200],
    ['as the password of any user', `Basic ${btoa(`me:${TOKEN}`)}`, 200],
    ['not in part', `Bearer ${TOKEN.slice(0, -1)}`, 401],
    ['not with something after it', `Bearer ${TOKEN}x`, 401],
    ['not by another scheme', `Digest ${TOKEN}`, 401],
    ['not as a bare word', TOKEN, 401],
    ['not as user name', `Basic ${btoa(`${TOKEN}:`)}`, 401],
    ['not empty', 'Bearer ', 401],
  ])('counts %s', async (_title, authorization, status) => {
    const gateway = await start({ token: TOKEN });
    expect((await gateway.ask('/api/openapi.json', { headers: { authorization } })).status).toBe(status);
  });

  it('is demanded at start on an address that others can reach, and the socket is never opened', async () => {
    await expect(start({ listen: '0.0.0.0:0' })).rejects.toThrow(
      /^gateway\.listen: 0\.0\.0\.0:0 can be reached from other machines, so it needs a gateway\.token/,
    );
    await expect(start({ listen: '[::]:0' })).rejects.toThrow('gateway.token');
    const gateway = await start({ listen: '0.0.0.0:0', token: TOKEN });
    expect((await gateway.ask('/api/openapi.json')).status).toBe(401);
  });
});

describe('pages in a browser of this machine', () => {
  it('cannot read by pointing a name of their own at loopback', async () => {
    const { url } = await start();
    const { host } = new URL(url);
    const answer = await sendRaw(url, request('/api/openapi.json', { host: 'evil.example:7600' }));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('evil.example:7600');
    for (const name of [host, 'localhost', 'LOCALHOST:1', '[::1]:7600', '127.3.2.1']) {
      expect(await sendRaw(url, request('/api/openapi.json', { host: name }))).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(await sendRaw(url, request('/api/openapi.json', { host: '127.0.0.1.evil.example' }))).toMatch(
      / 403 /,
    );
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }, 403],
    [{ origin: 'http://127.0.0.1:8080' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 503],
    [{}, 503],
  ])('cannot change anything from another site: %j is answered with %d', async (headers, status) => {
    const { url } = await start();
    const { host } = new URL(url);
    const sent = request(
      '/api/instances/stream/alice/stop',
      { host, ...headers, 'content-length': '0' },
      'POST',
    );
    expect(await sendRaw(url, sent)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('may change things from a page that the gateway itself has served', async () => {
    const { url } = await start();
    const { host, origin } = new URL(url);
    const sent = request('/api/instances/stream/alice/stop', { host, origin, 'content-length': '0' }, 'POST');
    expect(await sendRaw(url, sent)).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('cannot send a form, which needs no permission of the gateway', async () => {
    const gateway = await start();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await gateway.ask('/api/instances/stream/alice/signal', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"name":"hdmiLost"}',
      });
      expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } });
    }
  });
});

describe('limits', () => {
  it('refuses more requests of one address than allowed, says when to come back, and counts wrong tokens too', async () => {
    const gateway = await start({ token: TOKEN, config: { gateway: { requests_per_minute: 10 } } });
    for (let count = 0; count < 10; count += 1)
      expect((await gateway.ask('/api/instances')).status).toBe(401);
    const refused = await gateway.ask('/api/instances', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } });
    const waitSeconds = Number(refused.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(60);
  });

  it('refuses a body that is too large before it has read it', async () => {
    const gateway = await start({ config: { gateway: { body_limit: '1KiB' } } });
    const answer = await gateway.post('/api/instances/stream/alice/signal', {
      name: 'fetchNow',
      payload: { text: 'x'.repeat(2_000) },
    });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
  });

  it('refuses headers that are too large', async () => {
    const { url } = await start({ config: { gateway: { header_limit: '4KiB' } } });
    const { host } = new URL(url);
    const answer = await sendRaw(url, request('/api/instances', { host, 'x-filler': 'x'.repeat(6_000) }));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"headers_too_large"');
    expect(answer).toContain('gateway.header_limit');
  });

  it('does not wait for ever for a request that never ends', async () => {
    const { url } = await start({
      config: { gateway: { header_timeout: '1s', request_timeout: '1s' } },
    });
    // Node looks every 30 s by default; the gateway must look as often as its own limits need.
    expect(await sendRaw(url, 'GET /api/instances HTTP/1.1\r\nhost: localhost\r\nx-slow: ')).toMatch(
      /^HTTP\/1\.1 408 /,
    );
  });
});
