/**
 * Goal: each new item is announced once to each sink that its source names, at the pace it asks for, and to no other sink.
 * Method: cycles and claims as the worker makes them, on real databases.
 */
import { expect, it } from '@jest/globals';
import type { Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { describeStores, later, notification } from '../../support/stores.js';

const MINUTE_MS = 60_000;
const template = '{title}\n{link}';
const announce = [
  { sink: 'chat', template, every: MINUTE_MS, initial: 10 },
  { sink: 'mail', template: '{summary}', every: 0, initial: 10 },
];
const items = ['three', 'two', 'one'].map((name) => namedItem(name));

async function register(store: Store): Promise<void> {
  const sinks = ['chat', 'mail', 'log'].map((name) => ({ name, minLevel: 'info' as const }));
  await store.registerSinks(sinks, new Date());
}

async function claim(store: Store, sink: string, now = new Date()) {
  return await store.claimDeliveries({ sink, claimant: 'me', now, claimMs: MINUTE_MS, limit: 10 });
}

async function deliverAll(store: Store, sink: string): Promise<string[]> {
  const titles: string[] = [];
  for (;;) {
    const [due] = await claim(store, sink);
    if (due === undefined) return titles;
    titles.push(due.announcement?.item.title ?? due.notification.id);
    await store.markDelivered({ sink, notificationId: due.notification.id });
  }
}

describeStores('announcements', (withStore) => {
  it('go to the sinks that the source names, the oldest item first, each once', async () => {
    await withStore(async (store) => {
      await register(store);
      const poked: number[] = [];
      store.onRecorded(() => poked.push(1));
      const cycle = cycleInput('1', { items, announce });
      await store.sources.storeCycle(cycle);
      await store.sources.storeCycle(cycle);
      await store.sources.storeCycle(cycleInput('2', { items, announce }));
      expect(poked).toHaveLength(2);
      expect(await deliverAll(store, 'mail')).toEqual(['Title of one', 'Title of two', 'Title of three']);
      expect(await deliverAll(store, 'log')).toEqual([]);
      expect(await store.countDeliveries('chat')).toMatchObject({ pending: 3 });
    });
  });

  it('carry what a template may say', async () => {
    await withStore(async (store) => {
      await register(store);
      await store.sources.storeCycle(
        cycleInput('1', { items: [namedItem('one', { summary: 'In short' })], announce }),
      );
      const [due] = await claim(store, 'chat');
      expect(due?.announcement).toEqual({
        source: 'news',
        template,
        item: { title: 'Title of one', url: 'https://example.org/one', published: null, summary: 'In short' },
      });
      expect(due?.notification).toMatchObject({
        event: 'new_item',
        instance: 'source/news',
        message: 'Title of one',
        detail: 'https://example.org/one',
      });
    });
  });

  it('of the first list are only the newest, as many as the source wants; later all that is new', async () => {
    await withStore(async (store) => {
      await register(store);
      const wants = (sink: string, initial: number) => ({ sink, template, every: 0, initial });
      const entries = [wants('chat', 2), wants('mail', 0)];
      await store.sources.storeCycle(cycleInput('1', { items, announce: entries }));
      expect(await deliverAll(store, 'chat')).toEqual(['Title of two', 'Title of three']);
      expect(await deliverAll(store, 'mail')).toEqual([]);
      const later = ['six', 'five', 'four'].map((name) => namedItem(name));
      await store.sources.storeCycle(cycleInput('2', { items: [...later, ...items], announce: entries }));
      const all = ['Title of four', 'Title of five', 'Title of six'];
      expect(await deliverAll(store, 'chat')).toEqual(all);
      expect(await deliverAll(store, 'mail')).toEqual(all);
      expect(await store.sources.listItems({ limit: 10 })).toHaveLength(6);
    });
  });

  it('of another address are like those of a first list, unless some of its items are known', async () => {
    await withStore(async (store) => {
      await register(store);
      const entries = [{ sink: 'chat', template, every: 0, initial: 1 }];
      const list = (id: string, validatorsFor: string, names: readonly string[]) => {
        const of = { announce: entries, validatorsFor, items: names.map((name) => namedItem(name)) };
        return store.sources.storeCycle(cycleInput(id, of));
      };
      await list('1', 'address', ['two', 'one']);
      expect(await deliverAll(store, 'chat')).toEqual(['Title of two']);
      await list('2', 'moved', ['four', 'three', 'two']);
      expect(await deliverAll(store, 'chat')).toEqual(['Title of three', 'Title of four']);
      await list('3', 'elsewhere', ['y', 'x']);
      expect(await deliverAll(store, 'chat')).toEqual(['Title of y']);
      await list('4', 'elsewhere', ['b', 'a']);
      expect(await deliverAll(store, 'chat')).toEqual(['Title of a', 'Title of b']);
    });
  });

  it('keep the pause that the source asks for, also in another process', async () => {
    await withStore(async (store) => {
      await register(store);
      await store.sources.storeCycle(cycleInput('1', { items, announce }));
      const [first] = await claim(store, 'chat');
      await store.markDelivered({ sink: 'chat', notificationId: first?.notification.id ?? '' });
      expect(await claim(store, 'chat', later(MINUTE_MS - 5_000))).toEqual([]);
      const [second] = await claim(store, 'chat', later(MINUTE_MS + 1_000));
      expect(second?.announcement?.item.title).toBe('Title of two');
    });
  });

  it('hold back no other notification about the source, nor are they held back by one', async () => {
    await withStore(async (store) => {
      await register(store);
      await store.sources.storeCycle(cycleInput('1', { items, announce }));
      await store.recordNotifications([notification('alert', { instance: 'source/news' })]);
      const due = await claim(store, 'chat');
      expect(due.map(({ notification: { event } }) => event).toSorted()).toEqual([
        'new_item',
        'retry_started',
      ]);
    });
  });

  it('are not among the messages about instances, nor given to sinks that come later', async () => {
    await withStore(async (store) => {
      await store.sources.storeCycle(cycleInput('1', { items, announce }));
      await register(store);
      await store.registerSinks([{ name: 'late', minLevel: 'info' }], new Date(0));
      expect(await store.listNotifications({ limit: 10 })).toEqual([]);
      expect(await claim(store, 'late')).toEqual([]);
      expect(await deliverAll(store, 'mail')).toHaveLength(3);
    });
  });

  it('for a sink that nobody serves are given up and do not stay for ever', async () => {
    await withStore(async (store) => {
      await register(store);
      const typo = [{ sink: 'chta', template, every: 0, initial: 10 }];
      await store.sources.storeCycle(cycleInput('1', { items, announce: typo }));
      expect(await store.deleteNotifications(later(MINUTE_MS), 10)).toBe(0);
      await store.forgetSinks(new Date(0));
      expect(await store.countDeliveries('chta')).toMatchObject({ pending: 3 });
      await register(store);
      await store.forgetSinks(later(1_000));
      expect(await store.countDeliveries('chta')).toMatchObject({ pending: 0, abandoned: 3 });
      expect(await store.deleteNotifications(later(MINUTE_MS), 10)).toBe(3);
    });
  });

  it('that a sink refuses for good are kept with its words and not tried again', async () => {
    await withStore(async (store) => {
      await register(store);
      await store.sources.storeCycle(cycleInput('1', { items, announce }));
      const [due] = await claim(store, 'mail');
      await store.markRefused({ sink: 'mail', notificationId: due?.notification.id ?? '' }, 'no such user');
      expect(await store.countDeliveries('mail')).toMatchObject({ pending: 2, abandoned: 1 });
      const [next] = await claim(store, 'mail', later(2 * MINUTE_MS));
      expect(next?.announcement?.item.title).toBe('Title of two');
    });
  });
});
