/**
 * Goal: a hostile title is shown as it stands: it calls nobody, opens no markup and hides no link, on any messenger.
 * Method: what a real server receives, for titles made to break out; any text for the pure rules.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assert as check, property, string } from 'fast-check';
import { pino } from 'pino';
import { announcementMessage, createSender } from '../../../../activities/notify/sinks/index.js';
import { DISCORD_TEXT_LIMIT, escapeMarkdown } from '../../../../activities/notify/sinks/discord.js';
import { escapeSlack } from '../../../../activities/notify/sinks/slack.js';
import { withoutMentions } from '../../../../activities/notify/sinks/text/mentions.js';
import { sinkSchema } from '../../../../core/config/notify.js';
import { notification } from '../../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../../support/webhook-server.js';

const HOSTILE =
  '@everyone <!channel> <@U123> **bold** [Your bank](https://evil.example/a_b*c) `x` ||spoiler|| <b>hi</b> &amp; @bob';
const never = new AbortController().signal;
const logger = pino({ level: 'silent' });

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhookServer();
});
afterEach(() => server.close());

const item = { title: HOSTILE, url: 'https://example.org/a_b/@name', published: null, summary: null };
const news = (text: string) =>
  announcementMessage({ id: 'n', instance: 'source/news', text, time: '2026-01-02T03:04:05.000Z', item });

async function received(config: Record<string, unknown>, message = news(`${HOSTILE}\n${item.url}`)) {
  await createSender(sinkSchema.parse(config), { env: { URL: server.url, T: 'token' }, logger })(
    message,
    never,
  );
  return JSON.parse(server.received.at(-1)?.body ?? '') as Record<string, unknown>;
}

describe('a hostile title', () => {
  it('has no markup and calls nobody on Telegram, and links stay whole', async () => {
    const body = await received({
      sink: 'telegram',
      token: '${env:T}',
      chat: '@channel',
      api_url: server.url,
    });
    expect(server.received[0]?.path).toBe('/hook/bottoken/sendMessage');
    expect(body['parse_mode']).toBeUndefined();
    expect(body['chat_id']).toBe('@channel');
    expect(body['entities']).toEqual([]);
    expect(body['text']).not.toMatch(/@(everyone|bob)/);
    expect(body['text']).toContain('@\u2060everyone');
    expect(String(body['text']).endsWith('\nhttps://example.org/a_b/@name')).toBe(true);
  });

  it('has no markup and calls nobody on Discord, and links stay whole', async () => {
    const body = await received({ sink: 'discord', url: '${env:URL}' });
    expect(server.received[0]?.path).toBe('/hook?wait=true');
    expect(body['allowed_mentions']).toEqual({ parse: [] });
    expect(body['content']).toContain(String.raw`\*\*bold\*\* \[Your bank\](https://evil.example/a_b%2Ac)`);
    expect(body['content']).not.toMatch(/@everyone|(?<!\\)<@/);
    expect(String(body['content']).endsWith('\nhttps://example.org/a_b/@name')).toBe(true);
  });

  it('has no commands and calls nobody on Slack, and links stay whole', async () => {
    const body = await received({ sink: 'slack', url: '${env:URL}' });
    expect(body).toMatchObject({ mrkdwn: false, link_names: false, unfurl_links: true });
    expect(body['text']).not.toMatch(/[<>]/);
    expect(body['text']).toContain('&lt;!channel&gt;');
    expect(body['text']).toContain('&amp;amp;');
    expect(String(body['text']).endsWith('\nhttps://example.org/a_b/@name')).toBe(true);
  });

  it('comes as plain text on ntfy, with the link to tap on', async () => {
    const body = await received({ sink: 'ntfy', url: server.url, topic: 'news', tags: ['newspaper'] });
    expect(body).toEqual({
      topic: 'news',
      title: 'source/news',
      message: `${HOSTILE}\n${item.url}`,
      priority: 3,
      tags: ['newspaper'],
      click: item.url,
    });
  });

  it('fits every limit, whatever it is made of', async () => {
    const long = news('*&<😀'.repeat(3_000));
    const discord = await received({ sink: 'discord', url: '${env:URL}' }, long);
    const slack = await received({ sink: 'slack', url: '${env:URL}' }, long);
    const ntfy = await received({ sink: 'ntfy', url: server.url, topic: 'news' }, long);
    const telegram = await received(
      { sink: 'telegram', token: '${env:T}', chat: 7, api_url: server.url },
      long,
    );
    expect(String(discord['content']).length).toBeLessThanOrEqual(2_000);
    expect(String(slack['text']).length).toBeLessThanOrEqual(4_000);
    expect(String(telegram['text']).length).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(String(ntfy['message']))).toBeLessThanOrEqual(4_096);
    expect(String(slack['text'])).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });
});

describe('a notification', () => {
  const failed = notification('a', { level: 'error', message: 'Failed after 3 attempts', attempt: 3 });

  it('says what happened to whom, when and why', async () => {
    const body = await received(
      { sink: 'telegram', token: '${env:T}', chat: -7, topic: 3, api_url: server.url },
      failed,
    );
    expect(body['text']).toBe(
      '❌ stream/alice: Failed after 3 attempts\nrecording · network disconnect · attempt 3\nECONNRESET\n2026-01-02 03:04:05 UTC',
    );
    expect(body['entities']).toEqual([{ type: 'bold', offset: 0, length: 39 }]);
    expect(body).toMatchObject({ message_thread_id: 3, disable_notification: false });
  });

  it('is as loud on ntfy as its level asks for', async () => {
    const loud = await received({ sink: 'ntfy', url: server.url, topic: 'ops' }, failed);
    expect(loud).toMatchObject({ priority: 5, tags: ['rotating_light'] });
    const quiet = await received({ sink: 'ntfy', url: server.url, topic: 'ops' }, notification('b'));
    expect(quiet).toMatchObject({ priority: 2, title: 'stream/alice: Connection lost, retrying...' });
  });
});

describe('escaping', () => {
  it('leaves nothing on Slack that is a command, for any text', () => {
    check(property(string({ unit: 'binary' }), (text) => expect(escapeSlack(text)).not.toMatch(/[<>]/)));
  });

  it('leaves no mention in the words of any text', () => {
    const words = string({ unit: 'grapheme-ascii' }).filter((text) => !/https?:/i.test(text));
    check(property(words, (text) => expect(withoutMentions(`@${text}`)).not.toMatch(/(^|\W)@\w/)));
  });

  it('gives Discord every markup character as itself', () => {
    const words = string({ unit: 'grapheme-ascii' }).filter((text) => !/https?:/i.test(text));
    check(
      property(words, (text) => {
        const shown = escapeMarkdown(text)
          .replaceAll(/\\([^0-9A-Za-z\s])/g, '$1')
          .replaceAll('\u2060', '');
        expect(shown).toBe(text);
        expect(escapeMarkdown(text).replaceAll(/\\./g, '')).not.toMatch(/[*_~`|<[\]]/);
      }),
    );
    expect(escapeMarkdown('# big\n> quote\n- list')).toBe('\\# big\n\\> quote\n\\- list');
    expect(DISCORD_TEXT_LIMIT.measure('**')).toBe(4);
  });
});
