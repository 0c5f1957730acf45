/** A media host with every fault: what counts as "it answers again", and what does not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createServer, type AddressInfo } from 'node:net';
import { createAwaitSource } from '../../../../activities/resolve/await-source/index.js';
import type { MediaSource } from '../../../../core/run.js';
import { closedPort, startServer, type LocalServer } from '../local-server.js';

const LIVE_PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\ns1.ts\n';
const env = { KEY: 'verysecret1' };

let server: LocalServer;
let downUntilRequest = 0;
beforeAll(async () => {
  server = await startServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const status = /^\/(\d{3})$/.exec(path)?.[1];
    if (status !== undefined) response.writeHead(Number(status)).end('x');
    else if (path === '/reset') request.socket.resetAndDestroy();
    else if (path === '/silent') return;
    else if (path === '/headers-only') response.writeHead(200).flushHeaders();
    else if (path === '/empty') response.end();
    else if (path === '/flowing') response.writeHead(200).write(Buffer.alloc(4_096));
    else if (path === '/moved') response.writeHead(302, { location: '/flowing' }).end();
    else if (path === '/live.m3u8') response.end(LIVE_PLAYLIST);
    else if (path === '/over.m3u8') response.end(`${LIVE_PLAYLIST}#EXT-X-ENDLIST\n`);
    else if (path === '/bare.m3u8') response.end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n');
    else if (path === '/error.m3u8') response.end('<html>starting up</html>');
    else if (path === '/guarded')
      response.writeHead(request.headers['x-key'] === env.KEY ? 200 : 500).end('x');
    else if (path === '/comes-back') {
      downUntilRequest -= 1;
      if (downUntilRequest > 0) request.socket.resetAndDestroy();
      else response.writeHead(200).write('media');
    }
  });
});
afterAll(() => server.close());

const awaitSource = createAwaitSource({ logger: { debug: () => undefined }, env });
/** Who answers does so at once; on a busy machine that may take a while. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Long enough for one question of those that are not answered. */
const NOT_YET_MS = 1_500;
const ask = (media: MediaSource, timeoutMs = ANSWER_TIMEOUT_MS, notBeforeMs = 0) =>
  awaitSource({ media, timeoutMs, notBeforeMs });
const askPath = (path: string, timeoutMs?: number) => ask({ url: `${server.url}${path}` }, timeoutMs);

describe('a media host', () => {
  it.each(['/flowing', '/moved', '/live.m3u8', '/over.m3u8'])('answers again: %s', async (path) => {
    expect(await askPath(path)).toMatchObject({ answered: true });
  });

  it.each(['/401', '/403', '/404', '/410'])('answers, but the address has expired: %s', async (path) => {
    expect(await askPath(path)).toMatchObject({
      answered: true,
      detail: expect.stringContaining('expired'),
    });
  });

  it.each([
    ['/500', 'answered 500'],
    ['/503', 'answered 503'],
    ['/429', 'answered 429'],
    ['/reset', /reset|closed/],
    ['/silent', 'silent'],
    ['/headers-only', 'silent'],
    ['/empty', 'empty'],
    ['/bare.m3u8', 'the playlist is empty'],
    ['/error.m3u8', 'no playlist'],
  ])('does not answer yet: %s', async (path, detail) => {
    expect(await askPath(path, NOT_YET_MS)).toMatchObject({
      answered: false,
      detail: typeof detail === 'string' ? expect.stringContaining(detail) : expect.stringMatching(detail),
    });
  });

  it('is not there at all', async () => {
    expect(await ask({ url: `http://127.0.0.1:${await closedPort()}/x` }, NOT_YET_MS)).toEqual({
      answered: false,
      detail: 'connection refused',
    });
  });

  it('is believed to send a playlist when the format says so', async () => {
    const media: MediaSource = { url: `${server.url}/flowing`, format: 'hls' };
    expect(await ask(media, NOT_YET_MS)).toMatchObject({ answered: false });
  });

  it('is asked again until it comes back, and sent nothing more than needed', async () => {
    downUntilRequest = 3;
    const before = server.requests.length;
    expect(await ask({ url: `${server.url}/comes-back` }, 30_000)).toMatchObject({ answered: true });
    expect(server.requests.length - before).toBe(3);
  });

  it('is not asked before its time', async () => {
    const startedAt = performance.now();
    expect(await ask({ url: `${server.url}/flowing` }, 20_000, 600)).toMatchObject({ answered: true });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(590);
  });

  it('is not asked at all when the time is over first', async () => {
    const before = server.requests.length;
    expect(await ask({ url: `${server.url}/flowing` }, 100, 200)).toMatchObject({ answered: false });
    expect(server.requests.length).toBe(before);
  });

  it('is sent the headers with their secrets, which no detail shows', async () => {
    const media = { url: `${server.url}/guarded`, headers: { 'x-key': '${env:KEY}' } };
    expect(await ask(media)).toMatchObject({ answered: true });
    const absent = { url: 'http://127.0.0.1/${env:ABSENT}' };
    expect(await ask(absent, NOT_YET_MS)).toEqual({
      answered: false,
      detail: expect.stringContaining('ABSENT is not set'),
    });
  });
});

describe('hosts of other protocols', () => {
  it.each(['rtmp', 'rtsp'])('answer when they accept a connection: %s', async (scheme) => {
    const listener = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve);
    });
    const { port } = listener.address() as AddressInfo;
    expect(await ask({ url: `${scheme}://127.0.0.1:${port}/app/key` })).toMatchObject({ answered: true });
    listener.close();
    const refused = `${scheme}://127.0.0.1:${await closedPort()}/app/key`;
    expect(await ask({ url: refused }, NOT_YET_MS)).toMatchObject({
      answered: false,
      detail: 'connection refused',
    });
  });

  it.each([
    'srt://127.0.0.1',
    'srt://0.0.0.0:9000?mode=listener',
    'udp://127.0.0.1:9000',
    'file:///tmp/x',
    'tcp://127.0.0.1/x',
    'tcp://0.0.0.0:9000?listen',
  ])('cannot be asked: %s', async (url) => {
    expect(await ask({ url }, 300)).toMatchObject({ answered: false });
  });

  it('say so at once where there is no way to ask', async () => {
    const startedAt = performance.now();
    expect(await ask({ url: 'udp://127.0.0.1:9000' }, 60_000)).toEqual({
      answered: false,
      detail: 'this protocol cannot be asked',
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('as an activity', () => {
  it.each([
    ['in a pause', '/reset', 0],
    ['in a question', '/silent', 0],
    ['before the first question', '/flowing', 60_000],
  ])('heartbeats, and obeys a cancellation at once %s', async (_when, path, notBeforeMs) => {
    const activity = new MockActivityEnvironment();
    let heartbeats = 0;
    activity.on('heartbeat', () => {
      heartbeats += 1;
    });
    const startedAt = performance.now();
    setTimeout(() => activity.cancel(), 300);
    const media = { url: `${server.url}${path}` };
    await expect(activity.run(awaitSource, { media, timeoutMs: 60_000, notBeforeMs })).rejects.toBeInstanceOf(
      CancelledFailure,
    );
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(heartbeats).toBeGreaterThan(0);
  });
});
