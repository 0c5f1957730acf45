/**
 * Goal: one attempt of each messenger says what became of it, whatever the other side does, and shows no secret.
 * Method: a real HTTP server that answers, stalls, asks for a wait, refuses and fails; the same cases for all.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createSender } from '../../../../activities/notify/sinks/index.js';
import { sinkSchema } from '../../../../core/config/notify.js';
import { notification } from '../../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../../support/webhook-server.js';

const never = new AbortController().signal;
const logger = pino({ level: 'silent' });
const SECRET = 's3cret/of:the-sink';

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhookServer();
});
afterEach(() => server.close());

/** The configuration of each messenger against a server. */
const CONFIGS: Readonly<Record<string, (url: string) => Record<string, unknown>>> = {
  telegram: (url) => ({ sink: 'telegram', token: '${env:SECRET}', chat: -100123, api_url: url }),
  discord: () => ({ sink: 'discord', url: '${env:URL_WITH_SECRET}' }),
  slack: () => ({ sink: 'slack', url: '${env:URL_WITH_SECRET}' }),
  ntfy: (url) => ({ sink: 'ntfy', url, topic: 'news', token: '${env:SECRET}' }),
};

function sender(kind: string, more: Record<string, unknown> = {}) {
  const env = { SECRET, URL_WITH_SECRET: `${server.url}/${encodeURIComponent(SECRET)}` };
  const config = { ...CONFIGS[kind]?.(server.url), ...more };
  return createSender(sinkSchema.parse(config), { env, logger });
}

describe.each(Object.keys(CONFIGS))('the %s sink', (kind) => {
  it('delivers when the server takes the message', async () => {
    expect(await sender(kind)(notification('a'), never)).toMatchObject({ outcome: 'delivered' });
    expect(server.received).toHaveLength(1);
  });

  it('counts a message as delivered although the answer never ends', async () => {
    server.answer = (response) => response.writeHead(200).write('{');
    expect(await sender(kind)(notification('a'), never)).toMatchObject({ outcome: 'delivered' });
  });

  it('gives up on a server that does not answer in time', async () => {
    server.answer = () => undefined;
    const result = await sender(kind, { timeout: '200ms' })(notification('a'), never);
    expect(result).toEqual({ outcome: 'failed', error: 'no answer in time' });
  });

  it('ends at once when it is cut off', async () => {
    server.answer = () => undefined;
    const cut = new AbortController();
    const sending = sender(kind, { timeout: '60s' })(notification('a'), cut.signal);
    setTimeout(() => cut.abort(), 100);
    expect(await sending).toMatchObject({ outcome: 'failed' });
  });

  it('tells the wait of a 429 in seconds', async () => {
    server.answer = (response) => response.writeHead(429, { 'Retry-After': '17' }).end();
    expect(await sender(kind)(notification('a'), never)).toEqual({
      outcome: 'failed',
      error: 'HTTP 429',
      retryAfterMs: 17_000,
    });
  });

  it('tells the wait of a 429 as a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    server.answer = (response) => response.writeHead(429, { 'Retry-After': date }).end();
    const result = await sender(kind)(notification('a'), never);
    const waitMs = result.outcome === 'failed' ? (result.retryAfterMs ?? 0) : 0;
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  it('leaves a server alone that has had enough and does not say for how long', async () => {
    server.answer = (response) => response.writeHead(429).end();
    expect(await sender(kind)(notification('a'), never)).toMatchObject({ retryAfterMs: 5_000 });
  });

  it.each([400, 401, 403, 404, 410])('is refused for good by a %d', async (status) => {
    server.answer = (response) => response.writeHead(status).end('gone away');
    expect(await sender(kind)(notification('a'), never)).toMatchObject({
      outcome: 'refused',
      error: expect.stringMatching(new RegExp(`^HTTP ${status}`)),
    });
  });

  it.each([500, 502, 503, 302, 408])('may be tried again after a %d', async (status) => {
    server.answer = (response) => response.writeHead(status).end('not now');
    expect(await sender(kind)(notification('a'), never)).toMatchObject({ outcome: 'failed' });
  });

  it('may be tried again when nobody listens or the connection breaks', async () => {
    server.answer = (response) => response.destroy();
    expect(await sender(kind)(notification('a'), never)).toMatchObject({ outcome: 'failed' });
  });

  it('keeps its secret out of errors, also when the server repeats it', async () => {
    server.answer = (response, { path }) =>
      response.writeHead(500).end(`${'x'.repeat(190)} no such ${SECRET} in ${path} or ${server.url}`);
    const said = JSON.stringify(await sender(kind)(notification('a'), never));
    expect(said).toContain('HTTP 500');
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(encodeURIComponent(SECRET).slice(0, 8));
  });

  it('names a variable that is not set', async () => {
    const config = sinkSchema.parse(CONFIGS[kind]?.(server.url));
    const result = await createSender(config, { env: {}, logger })(notification('a'), never);
    expect(result).toMatchObject({ outcome: 'failed', error: expect.stringContaining('SECRET') });
  });
});
