/**
 * Goal: a store of an earlier version is brought up to date with everything that is in it.
 * Method: the tables as the first step left them, with a notification on its way, on real databases.
 */
import { expect, it } from '@jest/globals';
import { Kysely, Migrator, type Migration } from 'kysely';
import { postgresDialect } from '../../store/dialects/postgres.js';
import { sqliteDialect } from '../../store/dialects/sqlite.js';
import { parseStoreUrl } from '../../store/engine.js';
import { openStore } from '../../store/index.js';
import { parseTopic } from '../../core/search/index.js';
import { createNotifications } from '../../store/migrations/001-notifications.js';
import { createSources } from '../../store/migrations/002-sources.js';
import { createSourceAlerts } from '../../store/migrations/003-source-alerts.js';
import { cycleInput, namedItem } from '../support/cycles.js';
import { describeStores, later } from '../support/stores.js';

/** Makes the tables of the first version and puts one pending delivery in. */
async function makeFirstVersion(url: string): Promise<void> {
  const location = parseStoreUrl(url);
  const dialect = location.engine === 'sqlite' ? sqliteDialect(location.path) : postgresDialect(location.url);
  const db = new Kysely<unknown>({ dialect });
  const first: Migration = {
    up: (target) => createNotifications(target as Kysely<unknown>, location.engine),
  };
  const provider = { getMigrations: () => Promise.resolve({ '001-notifications': first }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  const at = '2026-01-02T03:04:05.678Z';
  const tables = db as Kysely<Record<string, Record<string, unknown>>>;
  const facts = { instance: 'stream/alice', recorded_at: at };
  await tables
    .insertInto('notifications')
    .values({ ...facts, id: 'old', event: 'fatal', level: 'error', message: 'Gone', time: at, detail: '' })
    .execute();
  await tables
    .insertInto('deliveries')
    .values({
      ...facts,
      notification_id: 'old',
      sink: 'chat',
      sequence: 1,
      state: 'pending',
      attempts: 2,
      next_attempt_at: at,
    })
    .execute();
  await db.destroy();
}

describeStores('a store of the first version', (_withStore, newUrl) => {
  it('is brought up to date, and goes on with what it holds', async () => {
    const url = await newUrl();
    await makeFirstVersion(url);
    const store = await openStore(url);
    try {
      await store.migrate();
      const request = { sink: 'chat', claimant: 'me', now: new Date(), claimMs: 1_000, limit: 10 };
      const [due] = await store.claimDeliveries(request);
      expect(due).toMatchObject({ attempts: 2, announcement: null, notification: { id: 'old' } });
      const stored = await store.sources.storeCycle(cycleInput('1', { items: [namedItem('one')] }));
      expect(stored.newItemIds).toEqual([1]);
      await store.migrate();
    } finally {
      await store.close();
    }
  });
});

/** Items of a store that knows no search: more than are indexed at once. */
const OLD_ITEMS = 450;

/** Makes the tables before there was a search and puts items in. */
async function makeVersionWithoutSearch(url: string): Promise<void> {
  const location = parseStoreUrl(url);
  const dialect = location.engine === 'sqlite' ? sqliteDialect(location.path) : postgresDialect(location.url);
  const db = new Kysely<unknown>({ dialect });
  const steps = {
    '001-notifications': createNotifications,
    '002-sources': createSources,
    '003-source-alerts': createSourceAlerts,
  };
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([name, step]): [string, Migration] => [
      name,
      { up: (target) => step(target as Kysely<unknown>, location.engine) },
    ]),
  );
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  const tables = db as Kysely<Record<string, Record<string, unknown>>>;
  for (let sequence = 1; sequence <= OLD_ITEMS; sequence += 1) {
    await tables
      .insertInto('items')
      .values({
        sequence,
        source: 'news',
        item_key: `${sequence}`,
        twin: '',
        title: `Old item ${sequence} 東京`,
        content: `<p class="markup">Élan of ${sequence}</p>`,
        categories: '["politics"]',
        fingerprint: 'old',
        revision: 1,
        first_seen_at: '2026-01-02T03:04:05.678Z',
      })
      .execute();
  }
  await db.destroy();
}

describeStores('a store from before there was a search', (_withStore, newUrl) => {
  it('finds what it already holds', async () => {
    const url = await newUrl();
    await makeVersionWithoutSearch(url);
    const store = await openStore(url);
    const found = async (topic: string): Promise<number[]> => {
      const period = { from: '2026-01-01T00:00:00Z', to: later(0).toISOString() };
      const items = await store.sources.searchItems({ topic: parseTopic(topic), ...period, limit: 500 });
      return items.map(({ number }) => number).sort((left, right) => left - right);
    };
    try {
      await store.migrate();
      expect(await found('politics')).toHaveLength(OLD_ITEMS);
      expect(await found('京 elan 449')).toEqual([449]);
      expect(await found('markup')).toEqual([]);
    } finally {
      await store.close();
    }
  });
});
