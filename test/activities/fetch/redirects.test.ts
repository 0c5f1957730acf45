/** Goal: redirects are followed by hand, and what was meant for one site stays there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LookupFunction } from 'node:net';
import { startHostileServer, type HostileServer } from '../../support/hostile-server/index.js';
import { expectKind, fetchFrom, inShort, requestFor } from './support.js';

let server: HostileServer;
/** The same machine under another address: another site. */
let other: HostileServer;
beforeAll(async () => {
  server = await startHostileServer('127.0.0.1');
  other = await startHostileServer('127.0.0.2');
});
afterEach(() => {
  server.requests.length = 0;
  other.requests.length = 0;
});
afterAll(() => Promise.all([server.close(), other.close()]));

describe('a redirect', () => {
  it('is followed, and the outcome says where it led', async () => {
    const outcome = expectKind(await fetchFrom(server.url('redirect', 'a?to=/good/b%23part')), 'ok');
    expect(outcome).toMatchObject({ finalUrl: server.url('good', 'b'), movedTo: null });
  });

  it('that is permanent in each step tells the new address', async () => {
    const second = encodeURIComponent('/good/b');
    const first = encodeURIComponent(`/redirect/b?status=308&to=${second}`);
    const url = server.url('redirect', `a?status=301&to=${first}`);
    expect(expectKind(await fetchFrom(url), 'ok').movedTo).toBe(server.url('good', 'b'));
    const mixed = server.url('redirect', `a?status=301&to=${encodeURIComponent(`/redirect/b?to=${second}`)}`);
    expect(expectKind(await fetchFrom(mixed), 'ok').movedTo).toBeNull();
  });

  it('takes credentials along on the same site', async () => {
    const headers = { Authorization: 'Bearer s3cret', Cookie: 'a=b', 'X-Api-Key': 'k' };
    await fetchFrom(server.url('redirect', 'a?to=/good/b'), { headers });
    expect(server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-api-key': 'k' });
  });

  it('takes none to another site, and not back again either', async () => {
    const headers = {
      Authorization: 'Bearer s3cret',
      Cookie: 'a=b',
      'X-Api-Key': 'k',
      'Accept-Language': 'de',
    };
    const back = encodeURIComponent(server.url('good', 'back'));
    const away = encodeURIComponent(other.url('redirect', `away?to=${back}`));
    const outcome = await fetchFrom(server.url('redirect', `a?to=${away}`), { headers });
    expect(inShort(outcome)).toBe('ok');
    for (const request of [other.requests[0], server.requests[1]]) {
      expect(request?.headers).toMatchObject({ 'accept-language': 'de' });
      expect(request?.headers.authorization).toBeUndefined();
      expect(request?.headers.cookie).toBeUndefined();
      expect(request?.headers['x-api-key']).toBeUndefined();
    }
  });

  it('is followed as often as the limit says and no more', async () => {
    const limits = { ...requestFor('').limits, max_redirects: 2 };
    expect(inShort(await fetchFrom(server.url('redirect-loop', '0'), { limits }))).toBe('invalid_url');
    expect(server.requests.length).toBe(3);
  });

  it('that goes back to where it came from is not followed round and round', async () => {
    await fetchFrom(server.url('redirect-circle'));
    expect(server.requests.length).toBe(1);
  });
});

describe('a private address', () => {
  const isPrivateAddress = (address: string): boolean => address !== '127.0.0.2';
  const guarded = { allowPrivate: false };

  it('is refused before anything is sent', async () => {
    expect(inShort(await fetchFrom(server.url('good'), guarded))).toBe('invalid_url');
    expect(server.requests.length + server.openConnections()).toBe(0);
  });

  it('is refused as the target of a redirect from a public site', async () => {
    const url = other.url('redirect', `a?to=${encodeURIComponent(server.url('good'))}`);
    const outcome = await fetchFrom(url, guarded, { isPrivateAddress });
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'invalid_url', retryable: false });
    expect([other.requests.length, server.requests.length]).toEqual([1, 0]);
  });

  it.each(['localhost', 'public.example'])('is refused behind the name %s', async (name) => {
    const url = new URL(server.url('good'));
    url.hostname = name;
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const outcome = await fetchFrom(url.href, guarded, name === 'localhost' ? {} : { lookup });
    expect(outcome).toMatchObject({ cause: 'invalid_url', detail: expect.stringContaining(name) as unknown });
    expect(server.requests.length).toBe(0);
  });

  it('among the addresses of a name is passed over', async () => {
    const url = new URL(other.url('good'));
    url.hostname = 'mixed.example';
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]);
    expect(inShort(await fetchFrom(url.href, guarded, { lookup, isPrivateAddress }))).toBe('ok');
  });
});
