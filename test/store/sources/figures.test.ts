/**
 * Goal: figures of a source are right for 30 days although single cycles are kept for a short time only, and what is kept stays bounded.
 * Method: weeks of cycles with instants of our own on real databases, compared with the same cycles counted one by one.
 */
import { expect, it } from '@jest/globals';
import { Kysely } from 'kysely';
import {
  mergeRollups,
  OBSERVATION_FRESH_MS,
  rollupOf,
  sourceHealth,
  UNTRIED,
  type Rollup,
} from '../../../core/source-health/index.js';
import { postgresDialect } from '../../../store/dialects/postgres.js';
import { sqliteDialect } from '../../../store/dialects/sqlite.js';
import { parseStoreUrl } from '../../../store/engine.js';
import { listItems } from '../../../store/sources/list-items.js';
import { readObservations, readSources } from '../../../store/sources/read.js';
import { storeCycle } from '../../../store/sources/store-cycle.js';
import { CYCLES_MAX } from '../../../store/sources/tidy.js';
import type { Tables } from '../../../store/tables.js';
import { cycleInput, namedItem, type CycleChanges } from '../../support/cycles.js';
import { describeStores, type WithStore } from '../../support/stores.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN_MS = Date.parse('2026-01-02T00:30:00.000Z');

/** The functions of the store take the instant; opened by itself, it takes the clock's. */
async function withDatabase(
  withStore: WithStore,
  use: (
    db: Kysely<Tables>,
    store: (id: string, atMs: number, changes?: CycleChanges) => Promise<unknown>,
  ) => Promise<void>,
): Promise<void> {
  await withStore(async (_store, url) => {
    const location = parseStoreUrl(url);
    const dialect =
      location.engine === 'sqlite' ? sqliteDialect(location.path) : postgresDialect(location.url);
    const db = new Kysely<Tables>({ dialect });
    try {
      await use(db, (id, atMs, changes = {}) => {
        const cycle = { startedAt: new Date(atMs).toISOString(), ...changes.cycle };
        return storeCycle(db, cycleInput(id, { ...changes, cycle }), new Date(atMs));
      });
    } finally {
      await db.destroy();
    }
  });
}

const failed = { outcome: 'failed', cause: 'timeout', detail: 'no headers in 20 s', status: null } as const;
const notModified = { outcome: 'not_modified', status: 304 } as const;

describeStores('figures of a source', (withStore) => {
  it('are those of its cycles counted one by one, over 9 days', async () => {
    await withDatabase(withStore, async (db, store) => {
      const counted: Rollup[] = [];
      const cycles = 110;
      const everyMs = 2 * HOUR_MS;
      for (let index = 0; index < cycles; index++) {
        const cycle = index % 5 === 0 ? failed : notModified;
        const atMs = BEGIN_MS + index * everyMs;
        await store(`${index}`, atMs, { items: null, cycle });
        const startedAt = new Date(atMs).toISOString();
        counted.push(rollupOf({ cause: null, detail: null, ...cycle, startedAt }, 0));
      }
      const nowMs = BEGIN_MS + (cycles - 1) * everyMs;
      const [facts] = await readSources(db, ['news'], new Date(nowMs));
      const sortedDays = (list: readonly Rollup[]) =>
        mergeRollups(list, 'day').toSorted((left, right) =>
          left.start + left.outcome < right.start + right.outcome ? -1 : 1,
        );
      expect(sortedDays(facts?.rollups ?? [])).toEqual(sortedDays(counted));
      const health = sourceHealth(facts as NonNullable<typeof facts>, nowMs);
      expect(health.successRate.month).toEqual({ rate: 0.8, cycles });
      expect(health.successRate.day.rate).toBeCloseTo(0.8, 1);
      expect(health.errors).toMatchObject([{ cause: 'timeout', lastDetail: 'no headers in 20 s' }]);
      // 48 h by the hour and 9 days by outcome; 100 single cycles and what came since they were last counted.
      expect(facts?.rollups.length).toBeLessThan(26 + 2 * 10);
      const { count } = await db
        .selectFrom('source_cycles')
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      expect(Number(count)).toBeLessThanOrEqual(CYCLES_MAX + 1);
    });
  });

  it('forget what is older than a month', async () => {
    await withDatabase(withStore, async (db, store) => {
      for (const day of [0, 20, 40])
        await store(`${day}`, BEGIN_MS + day * DAY_MS, { items: null, cycle: failed });
      const { length } = await db.selectFrom('source_rollups').selectAll().execute();
      expect(length).toBe(2);
    });
  });

  it('count as new what came after the first list, and say when it came', async () => {
    await withDatabase(withStore, async (db, store) => {
      const backlog = Array.from({ length: 30 }, (_, index) => namedItem(`old-${index}`));
      await store('1', BEGIN_MS, { items: backlog });
      await store('2', BEGIN_MS + DAY_MS, { items: [namedItem('new'), ...backlog] });
      await store('3', BEGIN_MS + 2 * DAY_MS, { items: null, cycle: failed });
      const nowMs = BEGIN_MS + 2 * DAY_MS;
      const [facts] = await readSources(db, null, new Date(nowMs));
      const health = sourceHealth(facts as NonNullable<typeof facts>, nowMs);
      expect(health.itemsPerDay).toBeCloseTo(0.5, 1);
      expect(health.lastItemAt).toBe(new Date(BEGIN_MS + DAY_MS).toISOString());
      expect(health.lastGoodAt).toBe(new Date(BEGIN_MS + DAY_MS).toISOString());
    });
  });

  it('of many sources are read together, by name', async () => {
    await withStore(async ({ sources }) => {
      const names = Array.from({ length: 120 }, (_, index) => `source-${String(index).padStart(3, '0')}`);
      for (const source of names) await sources.storeCycle(cycleInput('1', { cycle: { source } }));
      await sources.saveStatus('source-007', { ...UNTRIED, paused: true });
      await sources.saveStatus('zero', UNTRIED);
      const facts = await sources.readSources();
      expect(facts.map(({ source }) => source)).toEqual([...names, 'zero']);
      expect(facts.filter(({ recent }) => recent.length === 1)).toHaveLength(120);
      const [paused, ...others] = await sources.readSources(['source-007']);
      expect(others).toEqual([]);
      expect(paused?.status?.paused).toBe(true);
      expect(await sources.readSources([])).toEqual([]);
    });
  });
});

describeStores('items that vanish', (withStore) => {
  it('are deleted when they have not been listed for as long as they are to be kept', async () => {
    await withDatabase(withStore, async (db, store) => {
      const keepMs = 7 * DAY_MS;
      await store('1', BEGIN_MS, { items: [namedItem('gone'), namedItem('stays')], keepMs });
      await store('2', BEGIN_MS + DAY_MS, { items: [namedItem('stays')], keepMs });
      const titles = async () =>
        (await listItems(db, { limit: 10 })).map(({ title }) => title ?? '').toSorted();
      await store('3', BEGIN_MS + 6 * DAY_MS, { items: null, keepMs, cycle: notModified });
      expect(await titles()).toEqual(['Title of gone', 'Title of stays']);
      await store('4', BEGIN_MS + 8 * DAY_MS, { items: null, keepMs, cycle: notModified });
      expect(await titles()).toEqual(['Title of stays']);
    });
  });

  it('stay while their source cannot be read, and while it says that nothing has changed', async () => {
    await withDatabase(withStore, async (db, store) => {
      const keepMs = DAY_MS;
      await store('1', BEGIN_MS, { items: [namedItem('gone'), namedItem('stays')], keepMs });
      await store('2', BEGIN_MS + HOUR_MS, { items: [namedItem('stays')], keepMs });
      for (let day = 1; day < 40; day++) {
        await store(`down-${day}`, BEGIN_MS + day * DAY_MS, { items: null, keepMs, cycle: failed });
      }
      expect(await listItems(db, { limit: 10 })).toHaveLength(2);
      await store('3', BEGIN_MS + 40 * DAY_MS, { items: null, keepMs, cycle: notModified });
      const [stays] = await listItems(db, { limit: 10 });
      expect(stays).toMatchObject({
        title: 'Title of stays',
        lastSeenAt: new Date(BEGIN_MS + 40 * DAY_MS).toISOString(),
      });
    });
  });

  it('are the same items when they come back in time', async () => {
    await withDatabase(withStore, async (db, store) => {
      await store('1', BEGIN_MS, { items: [namedItem('away')] });
      await store('2', BEGIN_MS + DAY_MS, { items: [] });
      const lastSeen = async () => (await listItems(db, { limit: 1 }))[0]?.lastSeenAt;
      expect(await lastSeen()).toBe(new Date(BEGIN_MS).toISOString());
      expect(await store('3', BEGIN_MS + 2 * DAY_MS, { items: [namedItem('away')] })).toMatchObject({
        newItems: 0,
      });
      expect(await lastSeen()).toBe(new Date(BEGIN_MS + 2 * DAY_MS).toISOString());
    });
  });
});

describeStores('observations', (withStore) => {
  it('say of each source whether anybody answered, and since when nobody has', async () => {
    await withDatabase(withStore, async (db, store) => {
      const cycle = (source: string, outcome: object) => ({
        items: null,
        site: `${source}.org`,
        cycle: { source, ...outcome },
      });
      await store('1', BEGIN_MS, cycle('gone', failed));
      await store('2', BEGIN_MS + 60_000, cycle('gone', { ...failed, outcome: 'skipped' }));
      await store('1', BEGIN_MS + 60_000, cycle('there', { ...failed, cause: 'not_found', status: 404 }));
      await store('1', BEGIN_MS - 2 * OBSERVATION_FRESH_MS, cycle('old', failed));
      // It asked nobody, so it is no observation.
      await store('2', BEGIN_MS + 60_000, cycle('old', { outcome: 'skipped', status: null }));
      const seen = await readObservations(db, new Date(BEGIN_MS - OBSERVATION_FRESH_MS));
      expect(seen.toSorted((left, right) => (left.site < right.site ? -1 : 1))).toEqual([
        { site: 'gone.org', atMs: BEGIN_MS + 60_000, reached: false, unreachedSinceMs: BEGIN_MS },
        { site: 'there.org', atMs: BEGIN_MS + 60_000, reached: true, unreachedSinceMs: null },
      ]);
    });
  });
});
