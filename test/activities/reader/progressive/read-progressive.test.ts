/**
 * Goal: a progressive source is passed on byte for byte and every way to lose it is told with its real code. Method:
 * the compiled program against local servers that break connections for real.
 */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { ReaderSpec } from '../../../../activities/reader/index.js';
import { refusedUrl, serveHttp, serveTcp, type LocalServer } from '../support/hostile-server.js';
import { countFrames, makeMedia, presentationTimes, withoutFlvHeader } from '../support/media.js';
import { eventsOf, runReader, startReader, until } from '../support/reader-program.js';

let open: LocalServer | null = null;
let media: Buffer;

beforeAll(async () => {
  media = await makeMedia({ format: 'mpegts', size: '320x180', sampleRate: 44_100, seconds: 2 });
});

afterEach(async () => {
  await open?.close();
  open = null;
});

async function serving(handler: (response: ServerResponse, path: string) => void): Promise<string> {
  open = await serveHttp((request, response) => handler(response, request.url ?? ''));
  return open.url;
}

function specOf(url: string, more: Partial<ReaderSpec> = {}): ReaderSpec {
  return { url, format: 'auto', ...more };
}

describe('a progressive source that ends well', () => {
  it('is passed on byte for byte and ends with eof', async () => {
    const url = await serving((response) =>
      response.writeHead(200, { 'Content-Type': 'video/mp2t' }).end(media),
    );
    const { status, events, end, media: output } = await runReader(specOf(`${url}/live?secret=1`));
    expect(status).toBe(0);
    expect(end).toMatchObject({ reason: 'eof' });
    expect(output.equals(media)).toBe(true);
    expect(eventsOf(events, 'open')).toMatchObject([
      { status: 200, contentType: 'video/mp2t', format: 'mpegts', finalUrl: `${url}/live` },
    ]);
  });

  it('is eof too when the body has no announced length and the server just closes', async () => {
    open = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
      socket.end(media);
    });
    const { status, end, media: output } = await runReader(specOf(open.url));
    expect(status).toBe(0);
    expect(end).toMatchObject({ reason: 'eof' });
    expect(output.equals(media)).toBe(true);
  });

  it('is found behind redirects, asked for without compression and without secrets for strangers', async () => {
    const stranger = await serveHttp((_request, response) => response.writeHead(200).end(media));
    const url = await serving((response, path) => {
      const location = path === '/a' ? '/b' : `${stranger.url}/c`;
      response.writeHead(302, { Location: location }).end();
    });
    const headers = { Authorization: 'Bearer secret', 'X-Show': 'one' };
    const { end } = await runReader(specOf(`${url}/a`, { headers, userAgent: 'a browser' }));
    const [first, second] = open?.requests ?? [];
    expect(end.reason).toBe('eof');
    expect(first?.headers).toMatchObject({ authorization: 'Bearer secret', 'user-agent': 'a browser' });
    expect(second?.headers).toMatchObject({ 'accept-encoding': 'identity', 'x-show': 'one' });
    expect(stranger.requests[0]?.headers['authorization']).toBeUndefined();
    expect(stranger.requests[0]?.headers['x-show']).toBe('one');
    await stranger.close();
  });

  it('passes an unknown format on untouched', async () => {
    const bytes = Buffer.from('OggS and whatever follows'.repeat(1_000));
    const url = await serving((response) => response.writeHead(200).end(bytes));
    const { events, media: output } = await runReader(specOf(url));
    expect(eventsOf(events, 'open')[0]?.format).toBe('unknown');
    expect(output.equals(bytes)).toBe(true);
  });
});

describe('a progressive source that is lost', () => {
  it.each([
    [404, {}, { httpStatus: 404 }],
    [503, { 'Retry-After': '7' }, { httpStatus: 503, retryAfterMs: 7_000 }],
    [302, {}, { httpStatus: 302 }],
  ])('by HTTP status %d is an error with that status', async (status, headers, facts) => {
    const url = await serving((response) => response.writeHead(status, headers).end('sorry'));
    const result = await runReader(specOf(`${url}/live?token=abc`));
    expect(result.status).toBe(1);
    expect(result.end).toMatchObject({ reason: 'error', ...facts });
    expect(result.end.message).not.toContain('token');
    expect(result.media).toHaveLength(0);
  });

  it('by endless redirects is an error', async () => {
    const url = await serving((response) => response.writeHead(302, { Location: '/again' }).end());
    const { end } = await runReader(specOf(url));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ERR_REDIRECT' });
    expect(open?.requests).toHaveLength(6);
  });

  it('by a redirect to something that is no web address is an error of the server', async () => {
    const url = await serving((response) => response.writeHead(302, { Location: 'rtmp://x/y' }).end());
    const { end } = await runReader(specOf(url));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ERR_REDIRECT' });
  });

  it('by a refused connection says ECONNREFUSED', async () => {
    const { status, end } = await runReader(specOf(await refusedUrl()));
    expect(status).toBe(1);
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ECONNREFUSED' });
  });

  it('by a header that breaks off says ECONNRESET', async () => {
    open = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'));
    expect((await runReader(specOf(open.url))).end).toMatchObject({
      reason: 'error',
      errorCode: 'ECONNRESET',
    });
  });

  it('by an answer that is no HTTP says what the parser said', async () => {
    open = await serveTcp((socket) => socket.end('SSH-2.0-server\r\n'));
    const { end } = await runReader(specOf(open.url));
    expect(end.errorCode).toMatch(/^HPE_/);
  });

  it.each([
    ['reset', (response: ServerResponse) => response.socket?.resetAndDestroy(), 'ECONNRESET'],
    ['closed', (response: ServerResponse) => response.socket?.end(), 'ERR_STREAM_PREMATURE_CLOSE'],
  ])('by a connection %s in mid-stream keeps all that had come', async (_name, breakOff, errorCode) => {
    let answering: ServerResponse | null = null;
    const url = await serving((response) => {
      answering = response;
      response.writeHead(200, { 'Content-Type': 'video/mp2t' }).write(media);
    });
    const reader = await startReader(specOf(url));
    await until(() => reader.mediaBytes() > media.length - 100_000);
    if (answering !== null) breakOff(answering);
    const { status, end, media: output } = await reader.ended;
    expect(status).toBe(1);
    expect(end).toMatchObject({ reason: 'error', errorCode });
    expect(output.equals(media)).toBe(true);
  });

  it('by a body shorter than announced is an error', async () => {
    const url = await serving((response) => {
      response.writeHead(200, { 'Content-Length': media.length + 10 });
      response.write(media, () => response.socket?.end());
    });
    const { end, media: output } = await runReader(specOf(url));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(output.equals(media)).toBe(true);
  });

  it('by silence before the header is an error after connectTimeoutMs', async () => {
    open = await serveTcp(() => undefined);
    const { end } = await runReader(specOf(open.url, { connectTimeoutMs: 300 }));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'UND_ERR_HEADERS_TIMEOUT' });
  });

  it('by silence in mid-stream is an error after readTimeoutMs', async () => {
    const url = await serving((response) => response.writeHead(200).write(media));
    const { end, media: output } = await runReader(specOf(url, { readTimeoutMs: 500 }));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'UND_ERR_BODY_TIMEOUT' });
    expect(output.equals(media)).toBe(true);
  });

  it('by an address that is none is an error', async () => {
    const { end } = await runReader(specOf('rtsp://127.0.0.1/x', { format: 'mpegts' }));
    expect(end).toMatchObject({ reason: 'error', errorCode: 'ERR_INVALID_URL' });
  });
});

describe('a progressive source whose codec parameters change', () => {
  it.each(['mpegts', 'flv'] as const)('is cut before the change (%s)', async (format) => {
    const small = await makeMedia({ format, size: '320x180', sampleRate: 44_100 });
    const large = await makeMedia({ format, size: '640x360', sampleRate: 44_100 });
    const second = format === 'flv' ? withoutFlvHeader(large) : large;
    const url = await serving((response) => {
      response.writeHead(200).write(small);
      response.write(second);
    });
    const { status, events, media: output } = await runReader(specOf(url, { format }));
    expect(status).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(['open', 'cut', 'end']);
    expect(eventsOf(events, 'cut')).toMatchObject([
      { before: 'h264 profile 66 320x180', after: 'h264 profile 66 640x360' },
    ]);
    expect(await countFrames(output)).toBe(25);
  });
});

describe('a progressive source whose time stamps jump', () => {
  it.each([
    ['mpegts', 'back', 5_000, 100],
    ['mpegts', 'forward', 100, 5_000],
    ['flv', 'back', 5_000, 100],
    ['flv', 'forward', 100, 5_000],
  ] as const)('is cut before the jump (%s, %s)', async (format, _direction, startSeconds, laterSeconds) => {
    const options = { format, size: '320x180', sampleRate: 44_100 };
    const before = await makeMedia({ ...options, startSeconds });
    const after = await makeMedia({ ...options, startSeconds: laterSeconds });
    const url = await serving((response) => {
      response.writeHead(200).write(before);
      response.write(format === 'flv' ? withoutFlvHeader(after) : after);
    });
    const { status, events, end, media: output } = await runReader(specOf(url, { format }));
    expect(status).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(['open', 'cut', 'end']);
    expect(end.reason).toBe('cut');
    const sides = eventsOf(events, 'cut')[0] ?? { before: '', after: '' };
    expect(secondsIn(sides.before)).toBe(startSeconds);
    expect(secondsIn(sides.after)).toBe(laterSeconds);
    expect(await presentationTimes(output)).toEqual(await presentationTimes(before));
    expect(await presentationTimes(output, 'a')).toEqual(await presentationTimes(before, 'a'));
  });

  it('goes on as it comes when small steps are all there is', async () => {
    const clips = await Promise.all(
      [100, 100.8, 109].map((startSeconds) =>
        makeMedia({ format: 'mpegts', size: '320x180', sampleRate: 44_100, startSeconds }),
      ),
    );
    const url = await serving((response) => response.writeHead(200).end(Buffer.concat(clips)));
    const { end, media: output } = await runReader(specOf(url, { format: 'mpegts' }));
    expect(end.reason).toBe('eof');
    expect(output.equals(Buffer.concat(clips))).toBe(true);
  });
});

/** The time that one side of a cut names, to 100 s: the clip is a second long, and ffmpeg begins a little beside its start. */
function secondsIn(text: string): number {
  return Math.round(Number(/ time (\d+\.\d+) s$/.exec(text)?.[1]) / 100) * 100;
}
