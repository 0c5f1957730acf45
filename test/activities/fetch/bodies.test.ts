/** Goal: a body is taken as it was meant, within the limits, and nothing of it stays behind. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unpack } from '../../../activities/fetch/content-encoding.js';
import { freshForMs } from '../../../activities/fetch/freshness.js';
import { startHostileServer, goodFeed, type HostileServer } from '../../support/hostile-server/index.js';
import { expectKind, fetchFrom, inShort, requestFor } from './support.js';

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

describe('a body', () => {
  it.each(['gzip-unsaid', 'gzip-untrue'] as const)(
    'of a server with %s is read all the same',
    async (kind) => {
      const outcome = expectKind(await fetchFrom(server.url(kind)), 'ok');
      expect(outcome.body.toString()).toBe(goodFeed('source'));
    },
  );

  it('may be exactly as large as the limit', async () => {
    const size = Buffer.byteLength(goodFeed('source'));
    const limited = (max_body: number) =>
      fetchFrom(server.url('good'), { limits: { ...requestFor('').limits, max_body } });
    expect(inShort(await limited(size))).toBe('ok');
    expect(inShort(await limited(size - 1))).toBe('too_large');
  });

  it('is given with what is known about it', async () => {
    const outcome = expectKind(await fetchFrom(server.url('good')), 'ok');
    expect(outcome.contentType).toBe('application/rss+xml; charset=utf-8');
    expect(outcome.wireBytes).toBe(outcome.body.length);
    expect(outcome.timings.headersMs).toBeLessThanOrEqual(outcome.timings.totalMs);
  });

  it('of a fetch that is cancelled is given up, and the reason is thrown', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled by the test');
    setTimeout(() => stop.abort(reason), 50);
    await expect(fetchFrom(server.url('drip'), {}, { signal: stop.signal })).rejects.toBe(reason);
    await expect(fetchFrom(server.url('good'), {}, { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('unpacking', () => {
  const packers: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (bytes) => brotliCompressSync(gzipSync(bytes))],
    ['GZIP', gzipSync],
    ['identity', (bytes) => bytes],
    ['utf-8', (bytes) => bytes],
  ];

  it('gives back what was packed, in every encoding we ask for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.constantFrom(...packers), async (text, [name, pack]) => {
        const packed = pack(Buffer.from(`<rss>${text}`));
        return (await unpack(packed, name, 1_000_000)).toString() === `<rss>${text}`;
      }),
    );
  });

  it('refuses a body that was packed again and again', async () => {
    await expect(unpack(Buffer.from('x'), 'gzip, gzip, gzip, gzip', 1_000)).rejects.toMatchObject({
      httpCause: 'unsupported_encoding',
    });
  });

  it('names a body that is not what it says', async () => {
    await expect(unpack(Buffer.from('<rss/>'), 'br', 1_000)).rejects.toMatchObject({
      httpCause: 'unsupported_encoding',
    });
  });
});

describe('how long an answer stays fresh', () => {
  const nowMs = Date.parse('2026-08-01T12:00:00Z');
  it.each([
    [{}, null],
    [{ 'cache-control': 'public, max-age=600' }, 600_000],
    [{ 'cache-control': 'max-age=600', age: '200' }, 400_000],
    [{ 'cache-control': 'max-age=600', age: '700' }, null],
    [{ 'cache-control': 'no-cache, max-age=600' }, null],
    [{ 'cache-control': 'max-age=99999999' }, 86_400_000],
    [{ expires: 'Sat, 01 Aug 2026 12:30:00 GMT' }, 1_800_000],
    [{ expires: 'Sat, 01 Aug 2026 12:30:00 GMT', date: 'Sat, 01 Aug 2026 12:20:00 GMT' }, 600_000],
    [{ expires: '0' }, null],
    [{ expires: 'Sat, 01 Aug 2026 11:00:00 GMT' }, null],
  ])('by %j is %s ms', (headers, expected) => {
    expect(freshForMs(headers as Record<string, string>, nowMs)).toBe(expected);
  });
});
