/** Goal: whatever a site does, the outcome names the cause and says whether another attempt in the cycle is of use. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startHostileServer,
  type HostileKind,
  type HostileServer,
} from '../../support/hostile-server/index.js';
import { fetchFrom, inShort, requestFor } from './support.js';

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

const QUICK = { ...requestFor('').limits, headers_timeout: 300, total_timeout: 600 };

describe('the cause of a failed fetch', () => {
  const cases: readonly (readonly [HostileKind, string, string])[] = [
    ['reset-before-headers', '', 'network_disconnect, retryable'],
    ['close-before-headers', '', 'network_disconnect, retryable'],
    ['reset-mid-headers', '', 'network_disconnect, retryable'],
    ['reset-mid-body', '', 'network_disconnect, retryable'],
    ['length-too-long', '', 'network_disconnect, retryable'],
    ['gzip-cut', '', 'network_disconnect, retryable'],
    ['bomb', '', 'too_large'],
    ['endless', '', 'too_large'],
    ['announced-too-large', '', 'too_large'],
    ['headers-too-large', '', 'too_large'],
    ['chunk-garbage', '', 'parse_error'],
    ['length-not-a-number', '', 'parse_error'],
    ['not-http', '', 'parse_error'],
    ['encoding-unknown', '', 'unsupported_encoding'],
    ['redirect-loop', '', 'invalid_url'],
    ['redirect-circle', '', 'invalid_url'],
    ['redirect-nowhere', '', 'invalid_url'],
    ['redirect', 'x?to=file:///etc/passwd', 'invalid_url'],
    ['redirect', 'x?to=http://[', 'invalid_url'],
    ['challenge', '', 'blocked'],
    ['status', '400', 'other'],
    ['status', '401', 'unauthorized'],
    ['status', '403', 'blocked'],
    ['status', '404', 'not_found'],
    ['status', '408', 'timeout, retryable'],
    ['status', '410', 'not_found'],
    ['status', '425', 'other, retryable'],
    ['status', '429', 'rate_limited'],
    ['status', '500', 'server_error, retryable'],
    ['status', '502', 'server_error, retryable'],
    ['status', '503', 'server_error, retryable'],
    ['status', '504', 'server_error, retryable'],
  ];
  it.each(cases)('of %s %s is %s', async (kind, rest, expected) => {
    expect(inShort(await fetchFrom(server.url(kind, rest)))).toBe(expected);
  });

  it.each(['stall', 'stall-mid-body', 'drip'] as const)(
    'of %s is timeout, within the limits',
    async (kind) => {
      const startedAtMs = performance.now();
      const outcome = await fetchFrom(server.url(kind), { limits: QUICK });
      expect(inShort(outcome)).toBe('timeout, retryable');
      expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    },
  );

  it('of an address on which nobody listens is network_disconnect', async () => {
    const gone = await startHostileServer();
    await gone.close();
    expect(inShort(await fetchFrom(gone.url('good')))).toBe('network_disconnect, retryable');
  });

  it('of a connection that does not come about is timeout', async () => {
    // Nothing in this network answers, not even with a refusal.
    const lookup = (_host: string, _options: object, _callback: unknown): void => undefined;
    const limits = { ...QUICK, connect_timeout: 200 };
    const outcome = await fetchFrom('http://example.org/', { limits }, { lookup });
    expect(inShort(outcome)).toBe('timeout, retryable');
  });

  it.each([
    ['ENOTFOUND', 'dns_not_found, retryable'],
    ['EAI_AGAIN', 'dns_temporary, retryable'],
  ])('of the answer %s of the name server is %s', async (code, expected) => {
    const error = Object.assign(new Error(`getaddrinfo ${code} nowhere.example`), { code });
    const outcome = await fetchFrom(
      'http://nowhere.example/',
      {},
      { lookup: (_host, _options, callback) => callback(error, []) },
    );
    expect(inShort(outcome)).toBe(expected);
  });

  it.each(['ftp://example.org/feed', 'not an address', 'http://'])(
    'of the address %s is invalid_url',
    async (url) => {
      expect(inShort(await fetchFrom(url))).toBe('invalid_url');
    },
  );

  it('is never more than one line for a person, without the address', async () => {
    const outcome = await fetchFrom(server.url('status', '500?token=secret-token'));
    expect(outcome).toMatchObject({ status: 500, detail: 'HTTP 500 Internal Server Error' });
    expect(JSON.stringify(outcome)).not.toContain('secret-token');
  });
});
