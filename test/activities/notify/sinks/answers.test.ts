// What the answers of the messengers mean beyond their status: waits in the body, their own words, limits before a 429.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createSender } from '../../../../activities/notify/sinks/index.js';
import { sinkSchema } from '../../../../core/config/notify.js';
import { notification } from '../../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../../support/webhook-server.js';

const logger = pino({ level: 'silent' });

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhookServer();
});
afterEach(() => server.close());

async function answered(
  config: Record<string, unknown>,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  server.answer = (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  const env = { URL: server.url, TOKEN: '123:abc-def' };
  const send = createSender(sinkSchema.parse(config), { env, logger });
  return await send(notification('a'), new AbortController().signal);
}

const telegram = () => ({ sink: 'telegram', token: '${env:TOKEN}', chat: -100, api_url: server.url });
const discord = { sink: 'discord', url: '${env:URL}' };
const slack = { sink: 'slack', url: '${env:URL}' };

describe('an answer of Telegram', () => {
  it('asks for a wait in its body', async () => {
    const body = {
      ok: false,
      description: 'Too Many Requests: retry after 35',
      parameters: { retry_after: 35 },
    };
    expect(await answered(telegram(), 429, body)).toEqual({
      outcome: 'failed',
      error: 'HTTP 429 Too Many Requests: retry after 35',
      retryAfterMs: 35_000,
    });
  });

  it('tells the new id of a group that has become a supergroup', async () => {
    const body = {
      ok: false,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1001234 },
    };
    expect(await answered(telegram(), 400, body)).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('(its id is -1001234 now)'),
    });
  });

  it('is followed by a second of silence in that chat', async () => {
    expect(await answered(telegram(), 200, { ok: true })).toEqual({ outcome: 'delivered', pauseMs: 1_000 });
  });
});

describe('an answer of Discord', () => {
  it('asks for a wait with a fraction of a second in its body', async () => {
    const body = { message: 'You are being rate limited.', retry_after: 1.337, global: false };
    expect(await answered(discord, 429, body, { 'Retry-After': '1' })).toEqual({
      outcome: 'failed',
      error: 'HTTP 429 You are being rate limited.',
      retryAfterMs: 1_337,
    });
  });

  it('tells when its window is used up, so that a 429 never comes', async () => {
    const headers = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset-After': '1.5' };
    expect(await answered(discord, 200, {}, headers)).toEqual({ outcome: 'delivered', pauseMs: 1_500 });
    expect(await answered(discord, 200, {}, { ...headers, 'X-RateLimit-Remaining': '4' })).toEqual({
      outcome: 'delivered',
    });
  });

  it('tells that a webhook was deleted', async () => {
    expect(await answered(discord, 404, { message: 'Unknown Webhook', code: 10_015 })).toEqual({
      outcome: 'refused',
      error: 'HTTP 404 Unknown Webhook',
    });
  });
});

describe('an answer of Slack or ntfy', () => {
  it('gives Slack its own words', async () => {
    expect(await answered(slack, 410, 'channel_is_archived')).toEqual({
      outcome: 'refused',
      error: 'HTTP 410 channel_is_archived',
    });
  });

  it('gives ntfy its own words', async () => {
    const ntfy = { sink: 'ntfy', url: server.url, topic: 'ops' };
    const body = {
      code: 42_901,
      http: 429,
      error: 'limit reached: too many requests',
      link: 'https://ntfy.sh',
    };
    expect(await answered(ntfy, 429, body)).toEqual({
      outcome: 'failed',
      error: 'HTTP 429 limit reached: too many requests',
      retryAfterMs: 5_000,
    });
  });

  it('is read as text when it is no JSON, and shown on one line', async () => {
    expect(await answered(telegram(), 502, '<html>\n  Bad gateway\n</html>')).toEqual({
      outcome: 'failed',
      error: 'HTTP 502 <html> Bad gateway </html>',
    });
  });
});
