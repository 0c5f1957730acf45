/**
 * Goal: notifications are kept alike on SQLite and on PostgreSQL, also with many writers.
 * Method: the same promises, asked of a real file and of a real server.
 */
import { expect, it } from '@jest/globals';
import { openStore, type Store } from '../../store/index.js';
import { describeStores, later, notification } from '../support/stores.js';

const MINUTE_MS = 60_000;

describeStores('a store', (withStore, newUrl) => {
  it('can be migrated by several openers at once and again later', async () => {
    const url = await newUrl();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(url)));
    await Promise.all(stores.map((store) => store.migrate()));
    await stores[0]?.migrate();
    await stores[1]?.recordNotifications([notification('a')]);
    expect(await stores[2]?.listNotifications({ limit: 10 })).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('keeps a notification once, however often it is recorded', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications([notification('a'), notification('b')]);
      await store.recordNotifications([notification('b', { message: 'changed' }), notification('c')]);
      const kept = await store.listNotifications({ limit: 10 });
      expect(kept.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(kept[1]).toMatchObject(notification('b'));
      expect(await store.countDeliveries('hook')).toEqual({ pending: 3, delivered: 0, abandoned: 0 });
    });
  });

  it('keeps every fact of a notification, also unusual text and absent facts', async () => {
    await withStore(async (store) => {
      const odd = notification('odd', {
        branch: null,
        cause: null,
        attempt: null,
        detail: `'; drop table notifications; -- "ü" 🪸 \n\t\\`,
      });
      await store.recordNotifications([odd]);
      expect((await store.listNotifications({ limit: 1 }))[0]).toMatchObject(odd);
    });
  });

  it('records a batch far larger than one statement may be', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications(Array.from({ length: 700 }, (_, index) => notification(`n${index}`)));
      expect(await store.listNotifications({ limit: 1_000 })).toHaveLength(700);
      expect((await store.countDeliveries('hook')).pending).toBe(700);
    });
  });

  it('lists by instance, by time, after a cursor, and newest first', async () => {
    await withStore(async (store) => {
      const bob = { instance: 'stream/bob' };
      await store.recordNotifications([notification('a'), notification('b', bob), notification('c')]);
      const all = await store.listNotifications({ limit: 10 });
      const ids = async (query: Partial<Parameters<Store['listNotifications']>[0]>) =>
        (await store.listNotifications({ limit: 10, ...query })).map(({ id }) => id);
      expect(await ids({ instance: 'stream/alice' })).toEqual(['a', 'c']);
      expect(await ids({ after: all[0]?.sequence ?? 0 })).toEqual(['b', 'c']);
      expect(await ids({ newestFirst: true, limit: 2 })).toEqual(['c', 'b']);
      expect(await ids({ since: later(MINUTE_MS).toISOString() })).toEqual([]);
      expect(await ids({ since: later(-MINUTE_MS).toISOString() })).toEqual(['a', 'b', 'c']);
    });
  });

  it('queues only what a sink wants to hear', async () => {
    await withStore(async (store) => {
      await store.registerSinks(
        [
          { name: 'all', minLevel: 'info' },
          { name: 'bad news', minLevel: 'warning' },
          { name: 'captures', minLevel: 'info', instances: ['capture/*'] },
        ],
        new Date(),
      );
      await store.recordNotifications([
        notification('a'),
        notification('b', { level: 'error' }),
        notification('c', { instance: 'capture/hdmi' }),
      ]);
      const pending = async (sink: string) => (await store.countDeliveries(sink)).pending;
      expect([await pending('all'), await pending('bad news'), await pending('captures')]).toEqual([3, 1, 1]);
    });
  });

  it('gives a new sink what came since it began to start, but not what is older', async () => {
    await withStore(async (store) => {
      await store.recordNotifications([notification('a')]);
      await store.registerSinks([{ name: 'early', minLevel: 'info' }], later(-MINUTE_MS));
      await store.registerSinks([{ name: 'late', minLevel: 'info' }], later(MINUTE_MS));
      expect((await store.countDeliveries('early')).pending).toBe(1);
      expect((await store.countDeliveries('late')).pending).toBe(0);
      await store.registerSinks([{ name: 'late', minLevel: 'info' }], later(-MINUTE_MS));
      expect((await store.countDeliveries('late')).pending).toBe(0);
    });
  });

  it('deletes old notifications, but none that a sink still waits for', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'error' }], new Date());
      await store.recordNotifications([
        notification('a'),
        notification('b', { level: 'error' }),
        notification('c'),
      ]);
      expect(await store.deleteNotifications(later(-MINUTE_MS), 10)).toBe(0);
      expect(await store.deleteNotifications(later(MINUTE_MS), 1)).toBe(1);
      expect(await store.deleteNotifications(later(MINUTE_MS), 10)).toBe(1);
      expect((await store.listNotifications({ limit: 10 })).map(({ id }) => id)).toEqual(['b']);
      await store.markDelivered({ sink: 'hook', notificationId: 'b' });
      expect(await store.deleteNotifications(later(MINUTE_MS), 10)).toBe(1);
      expect(await store.countDeliveries('hook')).toEqual({ pending: 0, delivered: 0, abandoned: 0 });
    });
  });

  it('takes notifications from several writers at once and loses none', async () => {
    await withStore(async (store, url) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      const writers = await Promise.all([1, 2, 3].map(() => openStore(url)));
      await Promise.all(
        writers.flatMap((writer, index) =>
          Array.from({ length: 20 }, (_, round) =>
            writer.recordNotifications([notification(`${index}-${round}`)]),
          ),
        ),
      );
      expect(await store.listNotifications({ limit: 100 })).toHaveLength(60);
      expect((await store.countDeliveries('hook')).pending).toBe(60);
      await Promise.all(writers.map((writer) => writer.close()));
    });
  });
});
