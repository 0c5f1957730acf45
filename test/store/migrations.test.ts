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
import { createNotifications } from '../../store/migrations/001-notifications.js';
import { cycleInput, namedItem } from '../support/cycles.js';
import { describeStores } from '../support/stores.js';

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
