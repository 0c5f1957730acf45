import { afterEach, describe, expect, it } from '@jest/globals';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpFailure } from '../../../../activities/resolve/http/failure.js';
import { BODY_BYTES_MAX } from '../../../../activities/resolve/http/limits.js';
import { fetchPage } from '../../../../activities/resolve/http/page.js';
import { closedPort, startServer, type LocalServer } from '../local-server.js';

let servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function serve(...parameters: Parameters<typeof startServer>): Promise<LocalServer> {
  const server = await startServer(...parameters);
  servers.push(server);
  return server;
}

const signal = new AbortController().signal;
const get = (url: string, headers = {}) => fetchPage({ url, headers, signal });

async function failureOf(promise: Promise<unknown>): Promise<HttpFailure> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HttpFailure);
  return error as HttpFailure;
}

describe('fetching a page', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('unpacks %s', async (encoding, pack) => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', encoding).end(pack('täglich'));
    });
    expect(await get(url)).toMatchObject({ status: 200, text: 'täglich' });
  });

  it('stops at the size limit, also when the body is a bomb', async () => {
    const zeros = Buffer.alloc(BODY_BYTES_MAX + 1);
    const { url } = await serve((request, response) => {
      if (request.url === '/bomb') response.setHeader('content-encoding', 'gzip').end(gzipSync(zeros));
      else response.end(zeros);
    });
    expect((await failureOf(get(`${url}/plain`))).code).toBe('UND_ERR_RES_EXCEEDED_MAX_SIZE');
    expect((await failureOf(get(`${url}/bomb`))).code).toBe('ERR_BUFFER_TOO_LARGE');
  });

  it('follows redirects and says where they led', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/end') response.end('there');
      else response.writeHead(302, { location: '/end' }).end('moved');
    });
    expect(await get(`${url}/start`)).toMatchObject({ url: `${url}/end`, text: 'there' });
  });

  it('gives up on a circle of redirects', async () => {
    const { url, requests } = await serve((_request, response) => {
      response.writeHead(307, { location: '/again' }).end();
    });
    expect((await failureOf(get(url))).code).toBe('TOO_MANY_REDIRECTS');
    expect(requests.length).toBe(6);
  });

  it('takes credentials to no other origin', async () => {
    const other = await serve((_request, response) => response.end('other'));
    const first = await serve((_request, response) => {
      response.writeHead(301, { location: other.url }).end();
    });
    await get(first.url, { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Kept': 'yes' });
    expect(first.requests[0]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b' });
    expect(other.requests[0]?.headers['authorization']).toBeUndefined();
    expect(other.requests[0]?.headers['cookie']).toBeUndefined();
    expect(other.requests[0]?.headers['x-kept']).toBe('yes');
  });

  it('does not follow a redirect away from HTTP', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    expect((await failureOf(get(url))).code).toBe('INVALID_URL');
  });

  it('names what is wrong with the connection', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/reset') request.socket.resetAndDestroy();
      else if (request.url === '/cut') response.writeHead(200, { 'content-length': 100 }).write('half');
      if (request.url === '/cut') setTimeout(() => request.socket.destroy(), 50);
      if (request.url === '/cut-in-header') request.socket.end('HTTP/1.1 200 OK\r\nContent-Ty');
    });
    const refused = await failureOf(get(`http://127.0.0.1:${await closedPort()}/`));
    expect(refused).toMatchObject({ code: 'ECONNREFUSED', message: 'connection refused' });
    expect((await failureOf(get(`${url}/reset`))).code).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect((await failureOf(get(`${url}/cut`))).code).toMatch(/ECONNRESET|UND_ERR_SOCKET|UNKNOWN/);
    expect((await failureOf(get(`${url}/cut-in-header`))).code).not.toBe('');
  });

  it('ends with the reason of the signal when it is aborted', async () => {
    const { url } = await serve(() => undefined);
    const controller = new AbortController();
    const pending = fetchPage({ url, headers: {}, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stop asked for')), 50);
    await expect(pending).rejects.toThrow('stop asked for');
  });
});
