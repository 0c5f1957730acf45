/** What all resolvers share: limits for each site, time, cancellation. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createResolveActivities } from '../../../activities/resolve/index.js';
import type { ResolveInput } from '../../../core/activity-contract.js';
import { startServer, type LocalServer } from './local-server.js';
import { resolver } from './resolve-once.js';

let server: LocalServer | undefined;
afterEach(async () => server?.close());

const entry = (url: string) => ({ kind: 'http-json', url, path: 'url' });

describe('resolving many streams of one site', () => {
  it('asks for two at a time and serves all in the end', async () => {
    let open = 0;
    let most = 0;
    server = await startServer((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end('{"url": "http://x.example/live.flv"}');
      }, 30);
    });
    const { url } = server;
    const ask = resolver();
    const results = await Promise.all(Array.from({ length: 12 }, () => ask(entry(url))));
    expect(results.every(({ kind }) => kind === 'live')).toBe(true);
    expect(most).toBe(2);
  });

  it('refuses with a time to come again instead of holding a slot while the site hangs', async () => {
    server = await startServer((request, response) => {
      if (request.url !== '/hang') response.end('{"url": "http://x.example/live.flv"}');
    });
    const { url } = server;
    const ask = resolver({ limiter: { settings: { maxWaitMs: 300, leaseMs: 1_500 } } });
    const hanging = [ask(entry(`${url}/hang`)), ask(entry(`${url}/hang`))];
    expect(await ask(entry(url))).toMatchObject({
      kind: 'failed',
      cause: 'http_error',
      retryAfterMs: expect.any(Number),
    });
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    expect(await ask(entry(url))).toMatchObject({ kind: 'live' });
    await server.close();
    expect(await Promise.all(hanging)).toMatchObject([{ cause: 'http_error' }, { cause: 'http_error' }]);
  });
});

describe('a cancelled resolve', () => {
  const activities = createResolveActivities({
    logger: { debug: () => undefined, warn: () => undefined },
    env: process.env,
  });

  const resolveStream = (input: ResolveInput) => activities.resolveStream(input);

  it('ends the request', async () => {
    server = await startServer(() => undefined);
    const activity = new MockActivityEnvironment();
    setTimeout(() => activity.cancel(), 200);
    const resolverConfig = { ...entry(server.url), kind: 'http-json' as const };
    await expect(
      activity.run(resolveStream, { instance: 'stream/x', resolver: resolverConfig }),
    ).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('ends the program', async () => {
    const activity = new MockActivityEnvironment();
    setTimeout(() => activity.cancel(), 200);
    const command = { kind: 'command' as const, argv: ['sleep', '300'], timeout: 60_000 };
    await expect(
      activity.run(resolveStream, { instance: 'stream/x', resolver: command }),
    ).rejects.toBeInstanceOf(CancelledFailure);
  });
});
