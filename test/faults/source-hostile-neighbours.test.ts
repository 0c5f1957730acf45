/**
 * Goal: sources that do every wrong thing a site can do make no other source late, and each is told what is wrong with it.
 * Method: 200 sources as real workflows on one worker process. When each healthy one was due follows from its id and interval, when it was
 * asked is read from the server's log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nextTickMs } from '../../core/schedule/index.js';
import { openStore, type Store } from '../../store/index.js';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { hostileNeighbours, type Neighbour } from '../support/hostile-neighbours.js';
import { makeCertificates, serveTls } from '../support/hostile-server/certificates.js';
import { startHostileServer, type HostileServer } from '../support/hostile-server/index.js';
import { startSource } from '../support/source-cluster.js';

const SOURCES = 200;
const HOSTILE_OF_EACH_KIND = 4;
const INTERVAL_MS = 20_000;
/** A feed gets a new item this often. */
const ITEM_EVERY_MS = 13_000;
/** Starting as many workflows at once is work of its own. */
const CALM_MS = 3_000;
/** In this time each hostile source is fetched, and what hangs in it hangs three times. */
const TOGETHER_MS = 45_000;
const LATE_MAX_MS = 2_000;

let cluster: Cluster;
let worker: WorkerProcess;
let server: HostileServer;
let closeTls: () => Promise<unknown>;
let hostile: Neighbour[];
const beganMs = Date.now();

beforeAll(async () => {
  const certificates = makeCertificates();
  const { selfSigned, expired, wrongHost } = certificates;
  [cluster, server] = await Promise.all([Cluster.start(), startHostileServer()]);
  const tls = await Promise.all([selfSigned, expired, wrongHost].map((one) => serveTls(one, 'page')));
  closeTls = () => Promise.all(tls.map(({ close }) => close()));
  const [first = '', second = '', third = ''] = tls.map(({ url }) => url);
  const addresses = { selfSigned: first, expired: second, wrongHost: third };
  hostile = hostileNeighbours(server, addresses, HOSTILE_OF_EACH_KIND);
  worker = await cluster.startWorker('orchestrator,fetch');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([server.close(), closeTls()]);
}, 60_000);

/** Every sixth healthy source is in Russian, every sixth says that nothing has changed; the others get new items. */
type Health = 'windows-1251' | 'unchanged' | 'growing';
const healthOf = (index: number): Health =>
  index % 6 === 0 ? 'windows-1251' : index % 6 === 1 ? 'unchanged' : 'growing';

const names = Array.from({ length: SOURCES }, (_, index) => `healthy-${index}`);
const growing = (): string[] => healthy().filter((_, index) => healthOf(index) === 'growing');
const healthy = (): string[] => names.slice(0, SOURCES - hostile.length);

function requestsOf(name: string): number[] {
  return server.requests.filter(({ path }) => path.split(/[/?]/)[2] === name).map(({ atMs }) => atMs);
}

/** How late each fetch was that was due within a time, in milliseconds; one that was not made at all is late until now. */
function latenesses(fromMs: number, toMs: number): number[] {
  return healthy().flatMap((id) => {
    const asked = requestsOf(id);
    const schedule = { id, intervalMs: INTERVAL_MS };
    const late: number[] = [];
    for (let due = nextTickMs(schedule, fromMs, null); due < toMs; due = nextTickMs(schedule, due, null)) {
      late.push((asked.find((atMs) => atMs >= due) ?? Date.now()) - due);
    }
    return late;
  });
}

async function watchFor(durationMs: number): Promise<number[]> {
  const fromMs = Date.now();
  await sleep(durationMs + LATE_MAX_MS);
  return latenesses(fromMs, fromMs + durationMs);
}

async function startHealthy(): Promise<void> {
  for (const [index, id] of healthy().entries()) {
    const rest = `${id}?from=${beganMs}&every=${ITEM_EVERY_MS}`;
    const url = server.url(healthOf(index), rest);
    await startSource(cluster, { id, url, every: `${INTERVAL_MS}ms` });
  }
  await until(() => healthy().every((name) => requestsOf(name).length > 0), 60_000, 'a first fetch of each');
  // The first fetch comes at once, and a tick within half an interval of it is left out: the ones that are watched are not.
  await sleep(INTERVAL_MS / 2);
}

async function startHostile(): Promise<void> {
  const before = server.requests.length;
  for (const { id, url, more } of hostile) {
    await startSource(cluster, { id, url, breaker: { failures: 1_000 }, ...more });
  }
  await until(() => server.requests.length > before + hostile.length, 60_000, 'a first fetch of most');
  await sleep(CALM_MS);
}

describe('200 sources, half of them hostile', () => {
  let store: Store;

  it('do not make each other late', async () => {
    expect(hostile.length).toBeGreaterThan(SOURCES * 0.45);
    await startHealthy();
    store = await openStore(`sqlite:${cluster.dataDir}/holdfast.db`);
    await startHostile();
    const together = await watchFor(TOGETHER_MS);
    expect(together.length).toBeGreaterThan(healthy().length * 2);
    expect(Math.max(...together)).toBeLessThan(LATE_MAX_MS);
  }, 180_000);

  it('each are told what is wrong with them, and nothing else', async () => {
    const facts = new Map((await store.sources.readSources()).map((one) => [one.source, one]));
    const endingsOf = (id: string): string[] => {
      const endings = facts.get(id)?.recent.map(({ outcome, cause }) => `${outcome} ${cause}`);
      return [...new Set(endings)].sort();
    };
    const found = hostile.map(({ id, url }) => ({ id, url, endings: endingsOf(id) }));
    expect(found).toEqual(
      hostile.map(({ id, url, outcome, cause }) => ({ id, url, endings: [`${outcome} ${cause}`] })),
    );
    expect([...new Set(healthy().flatMap(endingsOf))].sort()).toEqual(['fetched null', 'not_modified null']);
    expect(server.requests.filter(({ path }) => path === '/good/inside')).toEqual([]);
    const { stdout } = await cluster.cli('health', '--json', '-c', cluster.configPath);
    const { sources } = JSON.parse(stdout) as { sources: { source: string; state: string }[] };
    const stateOf = new Map(sources.map(({ source, state }) => [source, state]));
    expect([...new Set(healthy().map((name) => stateOf.get(name)))]).toEqual(['up']);
  }, 30_000);

  it('lose no item and get none twice', async () => {
    const itemsOf = async (source: string): Promise<(string | null)[]> => {
      const items = await store.sources.listItems({ source, limit: 200, oldestFirst: true });
      return items.map(({ title }) => title);
    };
    const published = Math.floor((Date.now() - beganMs) / ITEM_EVERY_MS);
    for (const name of growing()) {
      const isComplete = async (): Promise<boolean> => (await itemsOf(name)).length > published;
      await until(isComplete, 30_000, `the items of ${name}`);
      const titles = await itemsOf(name);
      const first = new Set(titles.map((_, index) => `${name} ${index}`));
      expect(titles).toHaveLength(first.size);
      expect(new Set(titles)).toEqual(first);
    }
    for (const [index, name] of healthy().entries()) {
      if (healthOf(index) === 'windows-1251') expect(await itemsOf(name)).toEqual(['Порт открыт']);
    }
    expect(worker.child.exitCode).toBeNull();
    await store.close();
  }, 60_000);
});
