import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closedPort, startServer, type LocalServer } from './local-server.js';
import { resolver } from './resolve-once.js';

let server: LocalServer;
beforeAll(async () => {
  server = await startServer((request, response) => {
    if (request.url === '/reset') request.socket.resetAndDestroy();
    else if (request.url === '/endless') response.writeHead(200).write(Buffer.alloc(1_000));
    else if (request.url?.startsWith('/guarded'))
      response.writeHead(request.headers['x-key'] === 'k3y' ? 200 : 404).end();
    else response.writeHead(Number(request.url?.slice(1, 4))).end('x');
  });
});
afterAll(() => server.close());

describe('direct address', () => {
  it.each([404, 410])('is no show when the host answers %s', async (status) => {
    expect(await resolver()({ kind: 'direct', url: `${server.url}/${status}?token=secret` })).toEqual({
      kind: 'not_live',
      detail: `${server.url}/${status} answered ${status}: there is no show`,
    });
  });

  it.each(['/200', '/401', '/403', '/429', '/500', '/503', '/reset', '/endless'])(
    'is left to the run in every other case: %s',
    async (path) => {
      const url = `${server.url}${path}`;
      expect(await resolver()({ kind: 'direct', url })).toMatchObject({ kind: 'live', media: { url } });
    },
  );

  it('is left to the run when nobody listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/live.flv`;
    expect(await resolver()({ kind: 'direct', url })).toEqual({
      kind: 'live',
      media: { url, format: 'flv' },
    });
  });

  it.each([
    ['rtmp://127.0.0.1/app/key', 'auto'],
    ['srt://127.0.0.1:9?mode=caller', 'auto'],
    ['udp://239.1.2.3:5000', 'auto'],
  ])('is not asked when it is not HTTP: %s', async (url, format) => {
    expect(await resolver()({ kind: 'direct', url })).toEqual({ kind: 'live', media: { url, format } });
  });

  it('downloads nothing of an endless body', async () => {
    await resolver()({ kind: 'direct', url: `${server.url}/endless` });
    for (let waited = 0; server.openConnections() > 0 && waited < 5_000; waited += 20) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    expect(server.openConnections()).toBe(0);
  });

  it('sends the headers, with secrets, but hands both on without them', async () => {
    const config = {
      kind: 'direct',
      url: `${server.url}/guarded?k=\${env:KEY}`,
      headers: { 'x-key': '${env:KEY}' },
    };
    expect(await resolver({ env: { KEY: 'k3y' } })(config)).toEqual({
      kind: 'live',
      media: { url: config.url, headers: config.headers, format: 'auto' },
    });
    expect(server.requests.at(-1)?.url).toBe('/guarded?k=k3y');
  });

  it('is left to the recording host when only that has the secret', async () => {
    const url = `${server.url}/404?k=\${env:KEY}`;
    expect(await resolver({ env: {} })({ kind: 'direct', url })).toMatchObject({
      kind: 'live',
      media: { url },
    });
  });
});
