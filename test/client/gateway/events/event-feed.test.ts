/**
 * Goal: who listens to /api/events knows every notification and every state, also after a break, and what cannot be read.
 * Method: the real route on a real socket; the server and the store behind it are played by hand.
 */
import fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GatewayApp } from '../../../../client/gateway/app.js';
import { checkRequest } from '../../../../client/gateway/check-request.js';
import { EventFeed } from '../../../../client/gateway/events/event-feed.js';
import { eventRoute } from '../../../../client/gateway/routes/events.js';
import type { InstanceSummary } from '../../../../client/library/list-instances.js';
import type { JobView } from '../../../../core/jobs/index.js';
import type { StoredNotification } from '../../../../store/index.js';
import { askRaw, idsIn, messagesIn, until, type RawStream } from '../../../support/raw-stream.js';
import { PlayedJob } from '../../../support/stream-gateway.js';
import { notification } from '../../../support/stores.js';

let app: GatewayApp;
let url: string;
let instances: InstanceSummary[];
let jobs: JobView[];
let notifications: StoredNotification[];
let away: { server?: Error; store?: Error };
let looks: { server: number; store: number };
const open: RawStream[] = [];

beforeEach(async () => {
  instances = [instance('stream/alice', 'running')];
  notifications = [];
  jobs = [];
  away = {};
  looks = { server: 0, store: 0 };
  await serve();
});
afterEach(async () => {
  for (const raw of open.splice(0)) raw.destroy();
  await app.close();
});

async function serve(): Promise<void> {
  const feed = new EventFeed(
    {
      listInstances: () => {
        looks.server += 1;
        return away.server === undefined ? Promise.resolve([...instances]) : Promise.reject(away.server);
      },
      listJobs: () => Promise.resolve(jobs),
      listNotifications: (after, limit) => {
        looks.store += 1;
        if (away.store !== undefined) return Promise.reject(away.store);
        if (after === null) return Promise.resolve(notifications.slice(-limit).toReversed());
        return Promise.resolve(notifications.filter(({ sequence }) => sequence > after).slice(0, limit));
      },
    },
    Date.now,
    { heartbeatMs: 100 },
  );
  app = fastify({ forceCloseConnections: true }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(checkRequest).setSerializerCompiler(serializerCompiler);
  app.addHook('preClose', () => feed.close());
  eventRoute(app, feed);
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/events`;
}

function instance(id: string, state: InstanceSummary['state']): InstanceSummary {
  const [kind = '', name = ''] = id.split('/');
  const startedAt = '2030-01-01T00:00:00.000Z';
  return {
    id,
    kind,
    name,
    state,
    host: null,
    open: true,
    closed: null,
    startedAt,
    closedAt: null,
    runId: 'r',
  };
}

function notify(count = 1): void {
  for (let index = 0; index < count; index += 1) {
    const sequence = (notifications.at(-1)?.sequence ?? 0) + 1;
    notifications.push({ ...notification(`n${sequence}`), sequence, recordedAt: '2030-01-01T00:00:00.000Z' });
  }
}

async function listen(headers: Record<string, string> = {}): Promise<RawStream> {
  const raw = await askRaw(url, headers);
  open.push(raw);
  await until(() => raw.text().includes('"instances"') || away.server !== undefined, 'the beginning');
  return raw;
}

const typesIn = (raw: RawStream): string[] => messagesIn(raw.text()).map(({ data }) => data.type);
const sequencesIn = (raw: RawStream): number[] => idsIn(raw.text()).filter((id) => id !== null);

describe('/api/events', () => {
  it('begins with the newest notifications and all instances, and tells what changes', async () => {
    notify(60);
    const raw = await listen();
    expect(sequencesIn(raw)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
    expect(messagesIn(raw.text()).at(-1)?.data).toMatchObject({
      type: 'instances',
      instances: [{ id: 'stream/alice' }],
    });
    notify();
    instances = [instance('stream/alice', 'retrying'), instance('stream/bob', 'starting')];
    await until(() => typesIn(raw).filter((type) => type === 'instance').length === 2, 'two changes');
    await until(() => sequencesIn(raw).at(-1) === 61, 'the notification');
    instances = instances.slice(0, 1);
    await until(() => typesIn(raw).includes('instance_gone'), 'the one that is gone');
    expect(raw.text()).toContain(
      '"instance":{"id":"stream/alice","kind":"stream","name":"alice","state":"retrying"',
    );
    expect(raw.headers).toMatchObject({
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('tells jobs that are new or have changed, and nothing of those that have not', async () => {
    const played = new PlayedJob();
    jobs = [new PlayedJob('job/old').view(), played.view()];
    const raw = await listen();
    expect(messagesIn(raw.text()).find(({ data }) => data.type === 'jobs')?.data['jobs']).toHaveLength(2);
    played.finish();
    jobs = [new PlayedJob('job/old').view(), played.view()];
    await until(() => typesIn(raw).includes('job'), 'the change');
    const told = messagesIn(raw.text()).filter(({ data }) => data.type === 'job');
    expect(told.map(({ data }) => data['job'])).toEqual([played.view()]);
  });

  it('goes on after the last notification that a client has seen, without loss or repetition', async () => {
    notify(3);
    const raw = await listen();
    raw.destroy();
    notify(4);
    const again = await listen({ 'last-event-id': '3' });
    await until(() => sequencesIn(again).length === 4, 'four notifications');
    notify(1);
    await until(() => sequencesIn(again).length === 5, 'the fifth');
    expect(sequencesIn(again)).toEqual([4, 5, 6, 7, 8]);
  });

  it('says when it no longer has what a client has missed', async () => {
    notify(700);
    const raw = await listen({ 'last-event-id': '10' });
    expect(typesIn(raw)[0]).toBe('notifications_missed');
    expect(sequencesIn(raw)).toEqual(Array.from({ length: 500 }, (_, index) => index + 201));
  });

  it('says when the server or the store is away and when it is back, and tells what came meanwhile', async () => {
    const raw = await listen();
    away = { server: new Error('no server'), store: new Error('no store') };
    await until(() => typesIn(raw).filter((type) => type === 'away').length === 2, 'both to be away');
    const late = await askRaw(url);
    open.push(late);
    await until(
      () => typesIn(late).filter((type) => type === 'away').length === 2,
      'the newcomer to know it',
    );
    expect(late.status).toBe(200);
    notify(2);
    away = {};
    await until(() => typesIn(raw).filter((type) => type === 'back').length === 2, 'both to be back');
    await until(() => sequencesIn(raw).length === 2 && sequencesIn(late).length === 2, 'what came meanwhile');
    expect(raw.text()).toContain('"place":"server","message":"no server"');
  });

  it('looks once for all clients, and not at all for none', async () => {
    const clients = await Promise.all(Array.from({ length: 30 }, () => listen()));
    await sleep(1_500);
    expect(looks.server).toBeLessThan(8);
    for (const raw of clients) raw.destroy();
    await sleep(300);
    const before = { ...looks };
    await sleep(1_500);
    expect(looks).toEqual(before);
  });

  it('ends in an orderly way when the gateway closes', async () => {
    const raw = await listen();
    await app.close();
    expect(await raw.ended).toBe('end');
  });
});
