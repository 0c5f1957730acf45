/**
 * Goal: the health of sources is told rightly: alerts as notifications, our own outage once and without blame, ticks that were missed not
 * made up for.
 * Method: real programs; a canary that refuses and comes back, a worker that is away for a while.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { cyclesOf, startSource } from '../support/source-cluster.js';

let cluster: Cluster;
let feeds: FeedServer;
let worker: WorkerProcess;
const canary = createServer((_request, response) => response.end('here'));
let canaryPort: number;

const listen = (port: number) =>
  new Promise<void>((resolve) => canary.listen(port, '127.0.0.1', () => resolve()));

async function closeCanary(): Promise<void> {
  canary.closeAllConnections();
  await new Promise((resolve) => canary.close(resolve));
}

beforeAll(async () => {
  await listen(0);
  canaryPort = (canary.address() as AddressInfo).port;
  const config = { canary: [`http://127.0.0.1:${canaryPort}/`] };
  [cluster, feeds] = await Promise.all([Cluster.start({ config }), FeedServer.start()]);
  worker = await cluster.startWorker('orchestrator,fetch');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([feeds.close(), closeCanary()]);
}, 60_000);

async function eventsOf(...events: string[]): Promise<string[]> {
  const recorded = await cluster.notifications();
  return recorded
    .filter(({ event }) => events.includes(event))
    .map(({ event, message }) => `${event}: ${message}`);
}

describe('the health of sources', () => {
  it('is told as notifications and by the command health', async () => {
    const alerts = { down_after: 1 };
    const parse = { kind: 'json', items: '[]' };
    await startSource(cluster, { id: 'down', url: feeds.url('down'), parse, every: '1h', alerts });
    await startSource(cluster, { id: 'fine', url: feeds.url('fine'), every: '1h' });
    await cluster.untilState('source/down', 'degraded', 30_000);
    await cluster.untilState('source/fine', 'running', 30_000);
    const table = await cluster.cli('health', '-c', cluster.configPath);
    expect(table.stdout).toMatch(/^2 sources: /);
    expect(table.stdout).toMatch(/\ndown +down +0 % .*parse_error 1x: /);
    expect(table.stdout).toMatch(/\nfine +up +100 % /);
    const { stdout } = await cluster.cli('health', 'fine', '--json', '-c', cluster.configPath);
    expect(JSON.parse(stdout)).toMatchObject({
      offlineSince: null,
      states: { up: 1 },
      sources: [{ source: 'fine', state: 'up', successRate: { day: { rate: 1, cycles: 1 } }, errors: [] }],
    });
    await until(async () => (await eventsOf('source_down')).length > 0, 60_000, 'the alert');
    const [alert] = await eventsOf('source_down');
    expect(alert).toBe('source_down: Source down is down after 1 failed cycle: parse error');
  }, 120_000);

  it('is not affected by an outage of our own, which is told once', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      await startSource(cluster, { id: name, url: feeds.url(name), every: '2s', breaker: { failures: 1 } });
    }
    for (const name of names) await cluster.untilState(`source/${name}`, 'running', 30_000);
    await closeCanary();
    for (const name of names) feeds.feed(name).mode = 'reset';
    const handles = names.map((name) => cluster.client.workflow.getHandle(`source/${name}`));
    const skippedAll = async () => {
      const cycles = await Promise.all(handles.map(cyclesOf));
      return cycles.every((list) => list.filter(({ outcome }) => outcome === 'skipped').length >= 2);
    };
    await until(skippedAll, 60_000, 'skipped cycles');
    for (const name of names) feeds.feed(name).mode = 'good';
    await listen(canaryPort);
    await until(async () => (await eventsOf('online')).length > 0, 60_000, 'the end of the outage');
    for (const [index, name] of names.entries()) {
      const handle = handles[index] as (typeof handles)[number];
      await until(
        async () => (await cyclesOf(handle)).at(-1)?.outcome === 'not_modified',
        30_000,
        'a good cycle',
      );
      const { state, incidentCount } = await cluster.status(`source/${name}`);
      expect({ state, incidentCount }).toEqual({ state: 'running', incidentCount: 0 });
    }
    const told = await eventsOf('offline', 'online');
    expect(told.map((text) => text.split(':')[0])).toEqual(['offline', 'online']);
  }, 180_000);

  it('does not suffer from a worker that was away: missed ticks are skipped', async () => {
    const handle = await startSource(cluster, { id: 'ticks', url: feeds.url('ticks'), every: '2s' });
    await until(() => feeds.requestsOf('ticks').length >= 2, 30_000, 'two cycles');
    await worker.end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    const before = feeds.requestsOf('ticks').length;
    worker = await cluster.startWorker('orchestrator,fetch');
    await until(() => feeds.requestsOf('ticks').length >= before + 4, 60_000, 'four more cycles');
    await handle.signal('stop');
    const times = feeds
      .requestsOf('ticks')
      .slice(before)
      .map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    // Half an interval is the least there may be between two ticks.
    expect(Math.min(...pauses)).toBeGreaterThan(700);
  }, 120_000);
});
