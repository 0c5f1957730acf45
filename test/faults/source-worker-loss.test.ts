/**
 * Goal: a worker that is killed anywhere between asking a source and reporting what it brought loses no item, brings and announces none
 * twice, and nobody is blamed for it; on both databases.
 * Method: SIGKILL while sources are held before the first header, in the middle of the body, at a store that is locked, and after the
 * store has taken everything but Temporal, which stands still, has not heard of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import pg from 'pg';
import { openStore, type Store } from '../../store/index.js';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { FeedServer } from '../support/feed-server.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { startSource } from '../support/source-cluster.js';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterAll(() => postgres.stop(), 60_000);

/** Keeps everybody from writing until the returned function is called. */
type Lock = () => Promise<() => Promise<void>>;

async function lockSqlite(path: string): Promise<() => Promise<void>> {
  const database = new Database(path);
  database.exec('pragma busy_timeout = 5000');
  database.exec('begin immediate');
  return () => {
    database.exec('rollback');
    database.close();
    return Promise.resolve();
  };
}

async function lockPostgres(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query('lock table source_cycles in access exclusive mode');
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

const databases = [
  {
    name: 'SQLite',
    storeUrl: () => Promise.resolve(undefined),
    lockOf:
      (url: string): Lock =>
      () =>
        lockSqlite(url.slice('sqlite:'.length)),
  },
  {
    name: 'PostgreSQL',
    storeUrl: () => postgres.createDatabase('worker_loss'),
    lockOf:
      (url: string): Lock =>
      () =>
        lockPostgres(url),
  },
];

describe.each(databases)('a fetcher that is killed, on $name', ({ storeUrl, lockOf }) => {
  let cluster: Cluster;
  let feeds: FeedServer;
  let hook: WebhookServer;
  let store: Store;
  let worker: WorkerProcess;
  let lock: Lock;

  beforeAll(async () => {
    [feeds, hook] = await Promise.all([FeedServer.start(), startWebhookServer()]);
    const url = await storeUrl();
    const notify = [{ sink: 'webhook', url: hook.url, name: 'news' }];
    cluster = await Cluster.start({ config: { notify, ...(url === undefined ? {} : { store: url }) } });
    worker = await cluster.startWorker('orchestrator,fetch');
    const opened = url ?? `sqlite:${cluster.dataDir}/holdfast.db`;
    store = await openStore(opened);
    lock = lockOf(opened);
  }, 120_000);

  afterAll(async () => {
    await store.close();
    await cluster.close();
    await Promise.all([feeds.close(), hook.close()]);
  }, 60_000);

  /** A source whose first item is stored and which has a second one now. */
  async function startWithNews(name: string): Promise<void> {
    const announce = [{ sink: 'news', template: '{title}', every: 0 }];
    await startSource(cluster, { id: name, url: feeds.url(name), every: '1h', announce });
    await cluster.untilState(`source/${name}`, 'running');
    feeds.feed(name).items.push(`${name}-2`);
  }

  async function fetchNow(name: string): Promise<void> {
    const before = feeds.requestsOf(name).length;
    await cluster.client.workflow.getHandle(`source/${name}`).signal('fetchNow');
    await until(() => feeds.requestsOf(name).length > before, 15_000, `a request for ${name}`);
  }

  async function titlesOf(source: string): Promise<(string | null)[]> {
    const items = await store.sources.listItems({ source, limit: 100, oldestFirst: true });
    return items.map(({ title }) => title);
  }

  /** Both items once, each announced once, and nobody blamed. */
  async function expectWhole(name: string): Promise<void> {
    const titles = [`Title of ${name}-1`, `Title of ${name}-2`];
    await until(async () => (await titlesOf(name)).length === 2, 60_000, `the second item of ${name}`);
    await cluster.untilState(`source/${name}`, 'running', 20_000);
    expect(await titlesOf(name)).toEqual(titles);
    const announced = () =>
      hook.received
        .map(({ body }) => JSON.parse(body) as { instance: string; message: string; id: string })
        .filter(({ instance }) => instance === `source/${name}`);
    await until(() => announced().length >= 2, 20_000, `the announcements of ${name}`);
    expect(announced().map(({ message }) => message)).toEqual(titles);
    const [facts] = await store.sources.readSources([name]);
    expect(facts?.status?.breaker).toEqual({ state: 'closed', failures: 0 });
    expect(facts?.recent.map(({ outcome }) => outcome)).toEqual(['fetched', 'fetched']);
    expect((await cluster.status(`source/${name}`)).incidentCount).toBe(0);
  }

  it('before the headers, in the body or before the store has taken them, loses no item', async () => {
    const names = ['headers', 'body', 'stored'];
    await Promise.all(names.map(startWithNews));
    feeds.feed('headers').mode = 'held';
    feeds.feed('body').mode = 'half';
    const unlock = await lock();
    await Promise.all(names.map(fetchNow));
    // All of the third one is with the fetcher by now: it waits for the store.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await worker.end('SIGKILL');
    await unlock();
    expect(await titlesOf('stored')).toEqual(['Title of stored-1']);
    for (const name of names) feeds.feed(name).mode = 'good';
    worker = await cluster.startWorker('orchestrator,fetch');
    for (const name of names) await expectWhole(name);
  }, 150_000);

  it('after the store has taken them, brings none twice and asks nobody again', async () => {
    const name = 'reported';
    await startWithNews(name);
    const server = cluster.server.server.pid();
    await fetchNowWhileHeld(name, server);
    await until(async () => (await titlesOf(name)).length === 2, 15_000, 'the second item');
    await worker.end('SIGKILL');
    process.kill(server, 'SIGCONT');
    const asked = feeds.requestsOf(name).length;
    worker = await cluster.startWorker('orchestrator,fetch');
    await until(
      async () => (await cluster.status(`source/${name}`)).detail.startsWith('next fetch'),
      60_000,
      'the end of the cycle',
    );
    await expectWhole(name);
    expect(feeds.requestsOf(name)).toHaveLength(asked);
  }, 150_000);

  /** Temporal stands still from the moment in which the source is asked. */
  async function fetchNowWhileHeld(name: string, server: number): Promise<void> {
    const answer = feeds.hold(name);
    await fetchNow(name);
    process.kill(server, 'SIGSTOP');
    answer();
  }
});
