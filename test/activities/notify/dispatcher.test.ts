/**
 * Goal: every notification reaches every sink that wants it, in order for each instance, whatever a sink, the
 * process or another process does.
 * Method: a real store in a file, real HTTP servers, dispatchers that are closed and started again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import {
  createNotifyActivities,
  startDispatcher,
  type Dispatcher,
} from '../../../activities/notify/index.js';
import { createSender } from '../../../activities/notify/sinks/index.js';
import { sinkSchema, type SinkConfig } from '../../../core/config/notify.js';
import { openStore, type Store } from '../../../store/index.js';
import { later, notification } from '../../support/stores.js';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.js';

const WAIT_MS = 20_000;
const logger = pino({ level: 'silent' });

let directory: string;
let url: string;
let store: Store;
let server: WebhookServer;
let dispatchers: Dispatcher[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-dispatcher-'));
  url = `sqlite:${join(directory, 'holdfast.db')}`;
  store = await openStore(url);
  await store.migrate();
  server = await startWebhookServer();
  dispatchers = [];
});
afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()));
  await server.close();
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

function start(sinks: readonly Record<string, unknown>[], on: Store = store): Dispatcher {
  const parsed: SinkConfig[] = sinks.map((sink) => sinkSchema.parse(sink));
  const dispatcher = startDispatcher({ store: on, sinks: parsed, logger });
  dispatchers.push(dispatcher);
  return dispatcher;
}

const hook = (more: Record<string, unknown> = {}) => ({ sink: 'webhook', url: server.url, ...more });
const keys = () => server.received.map((received) => received.headers['idempotency-key']);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

describe('the dispatcher', () => {
  it('delivers what the activity records, once and in order', async () => {
    start([hook()]);
    const activities = createNotifyActivities({ store });
    const list = Array.from({ length: 20 }, (_, index) => notification(`n${index}`));
    await activities.recordNotifications(list.slice(0, 12));
    await activities.recordNotifications(list.slice(8));
    await until(() => server.received.length >= 20);
    await sleep(200);
    expect(keys()).toEqual(list.map(({ id }) => id));
  });

  it('gives each sink what it wants: level and instances', async () => {
    start([
      hook({ name: 'errors', url: `${server.url}/errors`, min_level: 'error' }),
      hook({ name: 'bob', url: `${server.url}/bob`, instances: ['*/bob'] }),
    ]);
    await until(async () => {
      await store.recordNotifications([notification('warm-up', { level: 'error', instance: 'stream/bob' })]);
      return server.received.length >= 2;
    });
    await store.recordNotifications([
      notification('a'),
      notification('b', { level: 'error' }),
      notification('c', { instance: 'capture/bob' }),
    ]);
    await until(() => server.received.length >= 4);
    await sleep(200);
    const seen = server.received
      .slice(2)
      .map(({ path, headers }) => `${path} ${String(headers['idempotency-key'])}`);
    expect(seen.sort()).toEqual(['/hook/bob c', '/hook/errors b']);
  });

  it('tries again after a failure, with the same id, and keeps the order of the instance', async () => {
    let failures = 1;
    server.answer = (response) => response.writeHead(failures-- > 0 ? 500 : 200).end();
    start([hook()]);
    await store.recordNotifications([notification('a1'), notification('a2')]);
    await until(() => server.received.length >= 3);
    expect(keys()).toEqual(['a1', 'a1', 'a2']);
    const [first, second] = server.received;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  it('leaves a sink alone for as long as it asks', async () => {
    let asked = false;
    server.answer = (response) => {
      if (asked) return response.writeHead(200).end();
      asked = true;
      return response.writeHead(429, { 'Retry-After': '3' }).end();
    };
    start([hook()]);
    await store.recordNotifications([notification('a')]);
    await until(() => server.received.length >= 1);
    await store.recordNotifications([notification('b', { instance: 'stream/bob' })]);
    await until(() => server.received.length >= 3);
    const [first, second, third] = server.received.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_900);
    expect((third ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('does not let a sink that stalls or is dead delay another, nor one instance another', async () => {
    const stalled = await startWebhookServer();
    stalled.answer = () => undefined;
    server.answer = (response, received) =>
      received.body.includes('stream/alice') ? undefined : response.writeHead(200).end();
    start([
      hook({ name: 'stalled', url: stalled.url, timeout: '60s' }),
      hook({ name: 'dead', url: 'http://127.0.0.1:1/' }),
      hook({ name: 'good', timeout: '60s' }),
    ]);
    const startedAt = Date.now();
    await store.recordNotifications([
      notification('a'),
      ...Array.from({ length: 5 }, (_, index) => notification(`b${index}`, { instance: `stream/b${index}` })),
    ]);
    await until(() => server.received.length >= 6);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await until(() => stalled.received.length >= 1);
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
    await stalled.close();
  });

  it('delivers exactly the rest after a restart', async () => {
    const first = start([hook()]);
    await store.recordNotifications(Array.from({ length: 3 }, (_, index) => notification(`n${index}`)));
    await until(() => server.received.length >= 3);
    await first.close();
    await store.recordNotifications([notification('n3'), notification('n4')]);
    start([hook()]);
    await until(() => server.received.length >= 5);
    await sleep(200);
    expect(keys()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4']);
  });

  it('gives back what it was sending when it is closed, and the next one sends it', async () => {
    server.answer = () => undefined;
    const first = start([hook({ timeout: '60s' })]);
    await store.recordNotifications([notification('a')]);
    await until(() => server.received.length === 1);
    const closingAt = Date.now();
    await first.close();
    expect(Date.now() - closingAt).toBeLessThan(10_000);
    server.answer = (response) => response.writeHead(200).end();
    start([hook()]);
    await until(async () => (await store.countDeliveries('webhook')).delivered === 1);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('sends again with the same id when a process died between sending and noting it', async () => {
    await store.registerSinks([{ name: 'webhook', minLevel: 'info' }], later(-1_000));
    await store.recordNotifications([notification('a')]);
    const request = { sink: 'webhook', claimant: 'the dead', now: new Date(), claimMs: 2_000, limit: 1 };
    const [claimed] = await store.claimDeliveries(request);
    const send = createSender(sinkSchema.parse(hook()), { env: {}, logger });
    await send(claimed?.notification ?? notification('none'), new AbortController().signal);
    start([hook()]);
    await until(async () => (await store.countDeliveries('webhook')).delivered === 1);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('shares the work with another orchestrator on the same store and delivers nothing twice', async () => {
    const other = await openStore(url);
    start([hook()]);
    start([hook()], other);
    const list = Array.from({ length: 30 }, (_, index) =>
      notification(`n${index}`, { instance: `stream/s${index % 6}` }),
    );
    await Promise.all([
      store.recordNotifications(list.slice(0, 15)),
      other.recordNotifications(list.slice(15)),
    ]);
    await until(() => server.received.length >= 30);
    await sleep(1_200);
    expect(keys()).toHaveLength(30);
    expect(new Set(keys())).toEqual(new Set(list.map(({ id }) => id)));
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
    await other.close();
  });

  it('goes on when the store was not ready at first', async () => {
    const late = await openStore(`sqlite:${join(directory, 'late.db')}`);
    start([hook()], late);
    await sleep(300);
    await late.migrate();
    await late.recordNotifications([notification('a')]);
    await until(() => server.received.length >= 1);
    expect(keys()).toEqual(['a']);
    await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
    await late.close();
  });
});
