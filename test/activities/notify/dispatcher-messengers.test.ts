/**
 * Goal: messengers hear of notifications and of new items as each of them allows, and what they refuse is kept and said.
 * Method: a real store in a file, cycles stored in it, and real HTTP servers in the place of messengers.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startDispatcher, type Dispatcher } from '../../../activities/notify/index.js';
import { sinkSchema } from '../../../core/config/notify.js';
import { openStore, type Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { notification } from '../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.js';

const WAIT_MS = 20_000;

let directory: string;
let store: Store;
let server: WebhookServer;
let dispatchers: Dispatcher[];
let lines: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-messengers-'));
  store = await openStore(`sqlite:${join(directory, 'holdfast.db')}`);
  await store.migrate();
  server = await startWebhookServer();
  dispatchers = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()));
  await server.close();
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

function start(sinks: readonly Record<string, unknown>[]): void {
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const env = { SECRET: 't0ken-of-the-bot', URL: server.url };
  const parsed = sinks.map((sink) => sinkSchema.parse(sink));
  dispatchers.push(startDispatcher({ store, sinks: parsed, logger, env }));
}

const telegram = (more: Record<string, unknown> = {}) => ({
  sink: 'telegram',
  token: '${env:SECRET}',
  chat: 7,
  api_url: server.url,
  ...more,
});
const texts = () =>
  server.received.map(({ body }) => {
    const fields = JSON.parse(body) as { text?: string; content?: string };
    return fields.text ?? fields.content ?? '';
  });
const announced = (title: string) => `Title of ${title}\nhttps://example.org/${title}`;
const announce = (sink: string, every: number, template = '{title}\n{link}') => [
  { sink, template, every, initial: 10 },
];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

describe('a messenger', () => {
  it('that refuses a message does not get it again, and the next one is sent', async () => {
    server.answer = (response, { body }) =>
      body.includes('the first')
        ? response.writeHead(400).end('{"ok":false,"description":"Bad Request: chat not found"}')
        : response.writeHead(200).end('{"ok":true}');
    start([telegram()]);
    await store.recordNotifications([
      notification('a1', { message: 'the first' }),
      notification('a2', { message: 'the second' }),
    ]);
    await until(async () => (await store.countDeliveries('telegram')).delivered === 1);
    expect(await store.countDeliveries('telegram')).toEqual({ pending: 0, delivered: 1, abandoned: 1 });
    expect(server.received).toHaveLength(2);
    expect(lines.join('')).toContain('HTTP 400 Bad Request: chat not found');
    expect(lines.join('')).not.toContain('t0ken-of-the-bot');
  });

  it('whose window is used up is left alone until it opens again', async () => {
    server.answer = (response) =>
      response.writeHead(200, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset-After': '1.5' }).end('{}');
    start([{ sink: 'discord', url: '${env:URL}' }]);
    await store.recordNotifications([
      notification('a'),
      notification('b', { instance: 'stream/bob' }),
      notification('c', { instance: 'stream/carol' }),
    ]);
    await until(() => server.received.length === 3);
    const times = server.received.map(({ atMs }) => atMs);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_400);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(1_400);
  });

  it('that asks for a wait in its body gets nothing of any instance before', async () => {
    let asked = false;
    server.answer = (response) => {
      if (asked) return response.writeHead(200).end();
      asked = true;
      return response.writeHead(429).end('{"ok":false,"parameters":{"retry_after":3}}');
    };
    start([telegram()]);
    await store.recordNotifications([notification('a'), notification('b', { instance: 'stream/bob' })]);
    await until(() => server.received.length === 3);
    const [first, second] = server.received.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('that stalls delays no other', async () => {
    const stalled = await startWebhookServer();
    stalled.answer = () => undefined;
    start([telegram({ name: 'stalled', api_url: stalled.url, timeout: '60s' }), telegram({ name: 'good' })]);
    await store.recordNotifications([notification('a')]);
    await until(() => stalled.received.length === 1 && server.received.length === 1);
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
    await stalled.close();
  });
});

describe('news out', () => {
  it('announces each new item once, in the words of its source', async () => {
    start([telegram()]);
    const items = [namedItem('one'), namedItem('two')];
    const input = cycleInput('c1', { items, announce: announce('telegram', 0) });
    await store.sources.storeCycle(input);
    await store.sources.storeCycle(input);
    await store.sources.storeCycle(cycleInput('c2', { items, announce: announce('telegram', 0) }));
    await until(async () => (await store.countDeliveries('telegram')).delivered === 2);
    await sleep(500);
    expect(texts().sort()).toEqual([announced('one'), announced('two')]);
  });

  it('goes only to the sinks that the source names, each in its own words', async () => {
    const other = telegram({ name: 'other' });
    start([telegram(), other, { sink: 'discord', url: '${env:URL}' }]);
    await store.sources.storeCycle(
      cycleInput('c1', {
        items: [namedItem('one', { title: 'A *bold* title' })],
        announce: [...announce('telegram', 0, '{source}: {title}'), ...announce('discord', 0, '{title}')],
      }),
    );
    await until(() => server.received.length === 2);
    await sleep(500);
    expect(texts().sort()).toEqual([String.raw`A \*bold\* title`, 'news: A *bold* title']);
  });

  it('keeps the pause of its source and sink, within a cycle and from one to the next', async () => {
    start([telegram()]);
    const every = announce('telegram', 3_000);
    const first = [namedItem('one'), namedItem('two')];
    await store.sources.storeCycle(cycleInput('c1', { items: first, announce: every }));
    await until(() => server.received.length === 2);
    await until(async () => (await store.countDeliveries('telegram')).pending === 0);
    await store.sources.storeCycle(
      cycleInput('c2', { items: [...first, namedItem('three')], announce: every }),
    );
    await until(() => server.received.length === 3);
    const times = server.received.map(({ atMs }) => atMs);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2_900);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('is shortened to what the sink takes, the link whole', async () => {
    start([{ sink: 'discord', url: '${env:URL}' }]);
    const items = [namedItem('one', { title: '*'.repeat(300), summary: '_ '.repeat(5_000) })];
    await store.sources.storeCycle(
      cycleInput('c1', { items, announce: announce('discord', 0, '{title}\n{summary}\n{summary}\n{link}') }),
    );
    await until(() => server.received.length === 1);
    expect(texts()[0]?.length).toBeLessThanOrEqual(2_000);
    expect(texts()[0]?.endsWith('…\nhttps://example.org/one')).toBe(true);
  });

  it('gives programs the item itself beside the text', async () => {
    start([{ sink: 'webhook', url: server.url }]);
    await store.sources.storeCycle(
      cycleInput('c1', { items: [namedItem('one')], announce: announce('webhook', 0, 'New: {title}') }),
    );
    await until(() => server.received.length === 1);
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      event: 'new_item',
      instance: 'source/news',
      message: 'New: Title of one',
      item: { title: 'Title of one', url: 'https://example.org/one' },
    });
  });
});
