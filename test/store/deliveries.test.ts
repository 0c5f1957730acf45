/**
 * Goal: a delivery is made by one process at a time, in order for each instance, and is never lost.
 * Method: several claimants on the same real file and the same real server.
 */
import { expect, it } from '@jest/globals';
import { openStore } from '../../store/index.js';
import { describeStores, later, notification } from '../support/stores.js';

const MINUTE_MS = 60_000;

const claim = (sink: string, now = new Date()) => ({
  sink,
  claimant: 'me',
  now,
  claimMs: MINUTE_MS,
  limit: 10,
});

describeStores('the outbox', (withStore) => {
  it('hands out one delivery at a time for each instance, the oldest first', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications([
        notification('a1'),
        notification('a2'),
        notification('b1', { instance: 'stream/bob' }),
      ]);
      const first = await store.claimDeliveries(claim('hook'));
      expect(first.map((delivery) => delivery.notification.id)).toEqual(['a1', 'b1']);
      expect(await store.claimDeliveries(claim('hook'))).toEqual([]);
      await store.markDelivered({ sink: 'hook', notificationId: 'a1' });
      const second = await store.claimDeliveries(claim('hook'));
      expect(second.map((delivery) => delivery.notification.id)).toEqual(['a2']);
    });
  });

  it('lets a failed delivery wait and holds back only its own instance', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications([
        notification('a1'),
        notification('a2'),
        notification('b1', { instance: 'stream/bob' }),
      ]);
      await store.claimDeliveries(claim('hook'));
      const failure = { nextAttemptAt: later(MINUTE_MS), error: 'refused'.repeat(200) };
      await store.markFailed({ sink: 'hook', notificationId: 'a1', claimant: 'me' }, failure);
      await store.markDelivered({ sink: 'hook', notificationId: 'b1' });
      await store.recordNotifications([notification('b2', { instance: 'stream/bob' })]);
      const now = await store.claimDeliveries(claim('hook'));
      expect(now.map((delivery) => delivery.notification.id)).toEqual(['b2']);
      const afterwards = await store.claimDeliveries(claim('hook', later(1.5 * MINUTE_MS)));
      expect(afterwards.map(({ notification, attempts }) => [notification.id, attempts])).toContainEqual([
        'a1',
        1,
      ]);
    });
  });

  it('gives a claim to somebody else when it has expired, and then ignores the failure of the first', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications([notification('a')]);
      await store.claimDeliveries(claim('hook'));
      const expired = { ...claim('hook', later(2 * MINUTE_MS)), claimant: 'other' };
      expect(await store.claimDeliveries(expired)).toHaveLength(1);
      const failure = { nextAttemptAt: later(60 * MINUTE_MS), error: 'late' };
      await store.markFailed({ sink: 'hook', notificationId: 'a', claimant: 'me' }, failure);
      expect(await store.claimDeliveries(claim('hook', later(4 * MINUTE_MS)))).toHaveLength(1);
    });
  });

  it('never gives one delivery to two claimants at once', async () => {
    await withStore(async (store, url) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      const many = Array.from({ length: 40 }, (_, index) =>
        notification(`n${index}`, { instance: `stream/${index}` }),
      );
      await store.recordNotifications(many);
      const others = await Promise.all([1, 2, 3].map(() => openStore(url)));
      const rounds = await Promise.all(
        [store, ...others].flatMap((opened, index) =>
          [1, 2, 3].map((round) =>
            opened.claimDeliveries({ ...claim('hook'), claimant: `${index}-${round}`, limit: 20 }),
          ),
        ),
      );
      const ids = rounds.flat().map((delivery) => delivery.notification.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThanOrEqual(20);
      await Promise.all(others.map((other) => other.close()));
    });
  });

  it('takes claims back that a process gives up when it ends', async () => {
    await withStore(async (store) => {
      await store.registerSinks([{ name: 'hook', minLevel: 'info' }], new Date());
      await store.recordNotifications([notification('a')]);
      await store.claimDeliveries(claim('hook'));
      await store.releaseClaims('me');
      expect(await store.claimDeliveries({ ...claim('hook'), claimant: 'other' })).toHaveLength(1);
    });
  });

  it('gives up what is too old, and forgets sinks that nobody serves any more', async () => {
    await withStore(async (store) => {
      await store.registerSinks(
        [
          { name: 'hook', minLevel: 'info' },
          { name: 'gone', minLevel: 'info' },
        ],
        new Date(),
      );
      await store.recordNotifications([notification('a')]);
      expect(await store.abandonDeliveries('hook', later(-MINUTE_MS))).toBe(0);
      expect(await store.abandonDeliveries('hook', later(MINUTE_MS))).toBe(1);
      expect(await store.forgetSinks(later(-MINUTE_MS))).toEqual([]);
      expect((await store.forgetSinks(later(MINUTE_MS))).sort()).toEqual(['gone', 'hook']);
      expect(await store.countDeliveries('gone')).toEqual({ pending: 0, delivered: 0, abandoned: 1 });
      await store.recordNotifications([notification('b')]);
      expect((await store.countDeliveries('gone')).pending).toBe(0);
    });
  });
});
