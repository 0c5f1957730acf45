/** Goal: a site sees few, honest and cheap requests, and its wishes are obeyed. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { politeFetch, RobotsRules, validatorsToSend } from '../../../activities/fetch/index.js';
import { SiteLimiter } from '../../../activities/resolve/limiter/index.js';
import { startHostileServer, type HostileServer } from '../../support/hostile-server/index.js';
import { expectKind, fetchFrom, inShort, requestFor } from './support.js';

let server: HostileServer;
beforeEach(async () => {
  server = await startHostileServer();
});
afterEach(() => server.close());

const DAY_MS = 86_400_000;

describe('a request', () => {
  it('names us, asks for packed bodies and closes its connection', async () => {
    await fetchFrom(server.url('good'));
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'holdfast-test/1.0 (+https://example.org/contact)',
      'accept-encoding': expect.stringContaining('gzip, deflate, br') as unknown,
      connection: 'close',
    });
  });

  it('has a connection of its own, also within a chain of redirects', async () => {
    await fetchFrom(server.url('redirect', `a?to=/good/source`));
    await fetchFrom(server.url('good'));
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  it('is conditional when the site gave validators, and a 304 is an answer of its own', async () => {
    const first = expectKind(await fetchFrom(server.url('good')), 'ok');
    expect(first.validators).toEqual({ etag: '"source-1"', lastModified: null });
    const second = await fetchFrom(server.url('good'), { validators: first.validators });
    expect(expectKind(second, 'not_modified').validators).toEqual(first.validators);
  });

  it('keeps the validators that a 304 does not repeat', async () => {
    const validators = { etag: '"v6"', lastModified: 'Tue, 05 May 2020 10:00:00 GMT' };
    const outcome = expectKind(await fetchFrom(server.url('unchanged'), { validators }), 'not_modified');
    expect(outcome.validators).toEqual({ etag: '"v7"', lastModified: validators.lastModified });
    expect(server.requests[0]?.headers['if-none-match']).toBe('"v6"');
    expect(server.requests[0]?.headers['if-modified-since']).toBe(validators.lastModified);
  });

  it('sends what the configuration says in place of our own headers', async () => {
    await fetchFrom(server.url('good'), { headers: { 'User-Agent': 'other/2', 'X-Key': 'k' } });
    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'other/2', 'x-key': 'k' });
  });

  it('makes an Authorization header of user and password in the address', async () => {
    const url = server.url('good').replace('://', '://me:p%40ss@');
    const outcome = expectKind(await fetchFrom(url), 'ok');
    const pair = Buffer.from('me:p@ss').toString('base64');
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${pair}`);
    expect(outcome.finalUrl).toBe(server.url('good'));
  });
});

describe('validators', () => {
  it('are left out once a day, so that a site that says 304 for ever cannot freeze its source', () => {
    const stored = { etag: '"Sat, 16 Nov 2041 19:11:00 GMT"', lastModified: null };
    expect(validatorsToSend(stored, 0, DAY_MS - 1)).toEqual(stored);
    expect(validatorsToSend(stored, 0, DAY_MS)).toBeNull();
    expect(validatorsToSend(stored, null, 1)).toBeNull();
  });

  it('are left out when the clock was set back behind the last whole document', () => {
    expect(validatorsToSend({ etag: '"a"', lastModified: null }, 10 * DAY_MS, DAY_MS)).toBeNull();
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-08-01T12:00:00Z');
  const at = (rest: string) => fetchFrom(server.url('status', rest), {}, { nowMs: () => nowMs });

  it.each([
    ['429?retry-after=120', 120_000],
    ['503?retry-after=120', 120_000],
    ['429?retry-after=Sat,%2001%20Aug%202026%2012:10:00%20GMT', 600_000],
    ['503?retry-after=Sat,%2001%20Aug%202026%2011:00:00%20GMT', 0],
    ['429?retry-after=999999999', DAY_MS],
  ])('of the answer %s is a deferral', async (rest, waitMs) => {
    expect(expectKind(await at(rest), 'deferred').untilMs).toBe(nowMs + waitMs);
  });

  it.each([
    ['429?retry-after=soon', 'rate_limited'],
    ['500?retry-after=120', 'server_error, retryable'],
    ['404?retry-after=120', 'not_found'],
  ])('of the answer %s is none', async (rest, expected) => {
    expect(inShort(await at(rest))).toBe(expected);
  });

  it('is obeyed for the siblings of a source, which are not even asked', async () => {
    const limiter = new SiteLimiter({ settings: { minSpacingMs: 1 }, random: () => 0 });
    const ask = (url: string) => politeFetch(requestFor(url), { limiter, rateKey: 'example.org' });
    expect(inShort(await ask(server.url('status', '429?retry-after=600')))).toBe('deferred');
    const sibling = expectKind(await ask(server.url('good')), 'deferred');
    expect(sibling.untilMs - Date.now()).toBeGreaterThan(500_000);
    expect(server.requests.length).toBe(1);
  });

  it('is taken at its word each time, however often it is repeated', async () => {
    const limiter = new SiteLimiter({ settings: { minSpacingMs: 1 } });
    const request = requestFor(server.url('status', '503?retry-after=1'));
    const ask = () => politeFetch(request, { limiter, rateKey: 'example.org' });
    for (let times = 1; times <= 4; times++) {
      const { because, untilMs } = expectKind(await ask(), 'deferred');
      expect({ because, asked: server.requests.length }).toEqual({ because: 'asked', asked: times });
      expect(untilMs - Date.now()).toBeLessThanOrEqual(1_000);
      await new Promise((resolve) => setTimeout(resolve, untilMs - Date.now()));
    }
  });

  it('is told apart from a site that has no place for us', async () => {
    const limiter = new SiteLimiter({ settings: { concurrency: 1, maxWaitMs: 1 } });
    const limits = { ...requestFor('').limits, total_timeout: 500 };
    const ask = (url: string) =>
      politeFetch(requestFor(url, { limits }), { limiter, rateKey: 'example.org' });
    const held = ask(server.url('drip'));
    const { because, detail } = expectKind(await ask(server.url('good')), 'deferred');
    expect({ because, detail }).toEqual({
      because: 'busy',
      detail: expect.stringMatching(
        /^too many others of example\.org are being fetched; waits for \d s$/,
      ) as unknown,
    });
    await held;
    await ask(server.url('status', '429?retry-after=600'));
    expect(expectKind(await ask(server.url('good')), 'deferred').because).toBe('paused');
  });

  it('does not stop sources of other sites, nor does any other failure of a sibling', async () => {
    const limiter = new SiteLimiter({ settings: { minSpacingMs: 1 }, random: () => 0 });
    const ask = (url: string, rateKey: string) => politeFetch(requestFor(url), { limiter, rateKey });
    await ask(server.url('status', '429?retry-after=600'), 'first.example');
    expect(inShort(await ask(server.url('good'), 'second.example'))).toBe('ok');
    for (const kind of ['reset-before-headers', 'challenge', 'html', 'bomb'] as const) {
      await ask(server.url(kind), 'second.example');
    }
    expect(inShort(await ask(server.url('good'), 'second.example'))).toBe('ok');
  });
});

describe('robots.txt', () => {
  const polite = { obeyRobots: true };

  it('is asked once for a site, also by many sources at the same time', async () => {
    server.robots = { status: 200, text: 'User-agent: *\nDisallow: /html/private' };
    const robots = new RobotsRules();
    const kinds = ['html/a', 'html/b', 'html/private', 'html/c'];
    const outcomes = await Promise.all(
      kinds.map((path) => fetchFrom(`${server.origin}/${path}`, polite, { robots })),
    );
    expect(outcomes.map(inShort)).toEqual(['ok', 'ok', 'blocked', 'ok']);
    const paths = server.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === '/robots.txt').length).toBe(1);
    expect(paths).not.toContain('/html/private');
  });

  it('speaks to us by the name in our User-Agent', async () => {
    server.robots = {
      status: 200,
      text: 'User-agent: *\nDisallow: /\n\nUser-agent: holdfast-test\nAllow: /html/',
    };
    expect(inShort(await fetchFrom(server.url('html'), polite, { robots: new RobotsRules() }))).toBe('ok');
  });

  it('counts for the target of a redirect, too', async () => {
    server.robots = { status: 200, text: 'User-agent: *\nDisallow: /html/' };
    const url = server.url('redirect', 'a?to=/html/b');
    expect(inShort(await fetchFrom(url, polite, { robots: new RobotsRules() }))).toBe('blocked');
  });

  it.each([
    [404, 'ok'],
    [403, 'ok'],
    [500, 'server_error, retryable'],
  ])('with status %s means: %s', async (status, expected) => {
    server.robots = { status, text: '' };
    const outcome = await fetchFrom(server.url('html'), polite, { robots: new RobotsRules() });
    expect(inShort(outcome)).toBe(expected);
  });

  it('is read again after a day, and the rules stay when it cannot be', async () => {
    server.robots = { status: 200, text: 'User-agent: *\nDisallow: /html/private' };
    const robots = new RobotsRules();
    const at = (name: string, nowMs: number) =>
      fetchFrom(server.url('html', name), polite, { robots, nowMs: () => nowMs });
    expect(inShort(await at('private', 0))).toBe('blocked');
    server.robots = { status: 500, text: '' };
    expect(inShort(await at('private', DAY_MS))).toBe('blocked');
    expect(inShort(await at('open', DAY_MS))).toBe('ok');
    expect(inShort(await at('open', 8 * DAY_MS))).toBe('server_error, retryable');
    server.robots = { status: 200, text: '' };
    expect(inShort(await at('private', 8 * DAY_MS))).toBe('ok');
  });

  it('is not asked for feeds', async () => {
    await fetchFrom(server.url('good'), {}, { robots: new RobotsRules() });
    expect(server.requests.map(({ path }) => path)).toEqual(['/good/source']);
  });
});
