import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closedPort, startServer, type LocalServer } from './local-server.js';
import { resolver } from './resolve-once.js';

const DOCUMENTS: Readonly<Record<string, unknown>> = {
  '/live': { show: { title: ' Evening ', urls: [{ url: 'https://cdn.example/a/live.m3u8?sig=1' }] } },
  '/null': { show: { urls: [{ url: null }] } },
  '/empty': { show: { urls: [{ url: '' }] } },
  '/false': { show: { urls: [{ url: false }] } },
  '/none': {},
  '/number': { show: { urls: [{ url: 17 }] } },
  '/greedy': { show: { urls: [{ url: 'https://evil.example/?x=${env:TOKEN}' }] } },
};

let server: LocalServer;
beforeAll(async () => {
  server = await startServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path === '/retry') response.setHeader('retry-after', '90');
    if (path === '/echo') {
      const url = `https://cdn.example/live.flv?t=${request.headers.authorization?.slice(7)}`;
      response.end(JSON.stringify({ show: { title: 'x', urls: [{ url }] } }));
    } else if (path in DOCUMENTS) response.end(JSON.stringify(DOCUMENTS[path]));
    else if (path === '/html') response.end('<html>for supersecret99 only</html>');
    else response.writeHead(path === '/retry' ? 503 : Number(path.slice(1))).end('{}');
  });
});
afterAll(() => server.close());

const entry = (path: string) => ({
  kind: 'http-json',
  url: `${server.url}${path}?token=\${env:TOKEN}`,
  headers: { authorization: 'Bearer ${env:TOKEN}' },
  path: 'show.urls[0].url',
  title_path: 'show.title',
});
const ask = (path: string) => resolver({ env: { TOKEN: 'supersecret99' } })(entry(path));

describe('http-json', () => {
  it('picks address and title out of the answer', async () => {
    expect(await ask('/live')).toEqual({
      kind: 'live',
      media: { url: 'https://cdn.example/a/live.m3u8?sig=1', format: 'hls' },
      title: 'Evening',
    });
    expect(server.requests.at(-1)?.url).toBe('/live?token=supersecret99');
    expect(server.requests.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer supersecret99',
      'user-agent': expect.stringContaining('holdfast'),
    });
  });

  it.each(['/null', '/empty', '/false', '/none', '/404', '/410'])('is not live: %s', async (path) => {
    expect(await ask(path)).toMatchObject({ kind: 'not_live' });
  });

  it.each([
    ['/401', 'unauthorized'],
    ['/400', 'http_error'],
    ['/500', 'http_error'],
    ['/html', 'http_error'],
    ['/number', 'invalid_config'],
  ])('fails: %s with %s', async (path, cause) => {
    expect(await ask(path)).toMatchObject({ kind: 'failed', cause });
  });

  it.each(['/403', '/429'])('takes %s for a block and says when to come again', async (path) => {
    const result = await ask(path);
    expect(result).toMatchObject({ kind: 'failed', cause: 'http_error' });
    expect(result.kind === 'failed' ? result.retryAfterMs : 0).toBeGreaterThan(100_000);
  });

  it('passes the Retry-After of a broken server on', async () => {
    expect(await ask('/retry')).toMatchObject({ cause: 'http_error', retryAfterMs: 90_000 });
  });

  it('fails as a request when nobody listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/x`;
    expect(await resolver()({ kind: 'http-json', url, path: 'a' })).toMatchObject({
      kind: 'failed',
      cause: 'http_error',
      detail: `${url}: connection refused (ECONNREFUSED)`,
    });
  });

  it('names a JMESPath that is none', async () => {
    expect(await resolver()({ kind: 'http-json', url: `${server.url}/live`, path: 'show[' })).toMatchObject({
      cause: 'invalid_config',
      detail: expect.stringContaining('JMESPath'),
    });
  });

  it('names a variable that is not set', async () => {
    expect(await resolver({ env: {} })(entry('/live'))).toMatchObject({
      cause: 'invalid_config',
      detail: expect.stringContaining('TOKEN is not set'),
    });
  });

  it('returns no secret, in details and in addresses that repeat it', async () => {
    expect(JSON.stringify([await ask('/html'), await ask('/500'), await ask('/echo')])).not.toContain(
      'supersecret99',
    );
    expect(await ask('/echo')).toMatchObject({
      media: { url: 'https://cdn.example/live.flv?t=${env:TOKEN}' },
    });
  });

  it('lets no answer name a variable to send elsewhere', async () => {
    expect(await ask('/greedy')).toMatchObject({
      media: { url: 'https://evil.example/?x=%24{env:TOKEN}' },
    });
  });
});
