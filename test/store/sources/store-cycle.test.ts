/**
 * Goal: what a cycle brought is stored whole, once, and together with the validators that stand for it.
 * Method: cycles as the fetch activity would store them, on real databases.
 */
import { expect, it } from '@jest/globals';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { describeStores } from '../../support/stores.js';

const [one, two, three] = ['one', 'two', 'three'].map((name) => namedItem(name)) as [
  ReturnType<typeof namedItem>,
  ReturnType<typeof namedItem>,
  ReturnType<typeof namedItem>,
];
const FEED = 'https://example.org/feed.xml';

describeStores('a stored cycle', (withStore) => {
  it('brings new items with rising numbers, the last of the list first, and nothing when nothing is new', async () => {
    await withStore(async ({ sources }) => {
      const first = await sources.storeCycle(cycleInput('1', { items: [two, one] }));
      expect(first).toMatchObject({ items: 2, newItems: 2, changedItems: 0, newItemIds: [1, 2] });
      const same = await sources.storeCycle(cycleInput('2', { items: [two, one] }));
      expect(same).toMatchObject({ items: 2, newItems: 0, newItemIds: [] });
      const more = await sources.storeCycle(cycleInput('3', { items: [three, two, one] }));
      expect(more).toMatchObject({ items: 3, newItemIds: [3] });
      const listed = await sources.listItems({ source: 'news', limit: 10 });
      expect(listed.map(({ number, title }) => [number, title])).toEqual([
        [3, 'Title of three'],
        [2, 'Title of two'],
        [1, 'Title of one'],
      ]);
    });
  });

  it('numbers items by their dates where all have one', async () => {
    await withStore(async ({ sources }) => {
      const dated = [namedItem('new', { published: '2026-02-02T00:00:00.000Z' })];
      dated.unshift(namedItem('old', { published: '2026-01-01T00:00:00.000Z' }));
      await sources.storeCycle(cycleInput('1', { items: dated }));
      const titles = (await sources.listItems({ limit: 10 })).map(({ title }) => title);
      expect(titles).toEqual(['Title of new', 'Title of old']);
    });
  });

  it('stored again changes nothing and returns the same', async () => {
    await withStore(async ({ sources }) => {
      const input = cycleInput('1', { items: [one, two], cycle: { startedAt: '2026-01-02T03:04:05.000Z' } });
      const first = await sources.storeCycle(input);
      await sources.storeCycle(cycleInput('2', { items: [one, three] }));
      const again = await sources.storeCycle(input);
      expect(again).toMatchObject({ items: 2, newItems: 2, newItemIds: first.newItemIds, repeated: true });
      const [facts] = await sources.readSources(['news']);
      expect(facts?.recent.map(({ id }) => id).toSorted()).toEqual(['1', '2']);
      expect(await sources.listItems({ limit: 10 })).toHaveLength(3);
    });
  });

  it('stored by two processes at once brings each item once and tells both the same', async () => {
    await withStore(async ({ sources }) => {
      const input = cycleInput('1', { items: [one, two, three] });
      const results = await Promise.all(Array.from({ length: 4 }, () => sources.storeCycle(input)));
      expect(new Set(results.map(({ newItemIds }) => newItemIds.join(',')))).toEqual(new Set(['1,2,3']));
      expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await sources.listItems({ limit: 10 })).toHaveLength(3);
    });
  });

  it('numbers the items of many sources without holes and in the order in which they appear', async () => {
    await withStore(async ({ sources }) => {
      const names = Array.from({ length: 12 }, (_, index) => `source-${index}`);
      const cycle = (source: string) => cycleInput('1', { items: [one, two, three], cycle: { source } });
      await Promise.all(names.map((source) => sources.storeCycle(cycle(source))));
      const numbers = (await sources.listItems({ limit: 100, oldestFirst: true })).map(
        ({ number }) => number,
      );
      expect(numbers).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));
    });
  });

  it('keeps validators for the configuration they were given for, and only with a good cycle', async () => {
    await withStore(async ({ sources }) => {
      const validators = { etag: 'W/"1"', lastModified: 'Fri, 02 Jan 2026 03:04:05 GMT' };
      expect(await sources.readValidators('news', FEED)).toBeNull();
      const failed = { outcome: 'failed', cause: 'parse_error', detail: 'no feed' } as const;
      await sources.storeCycle(cycleInput('1', { items: null, validators, cycle: failed }));
      expect(await sources.readValidators('news', FEED)).toBeNull();
      await sources.storeCycle(cycleInput('2', { items: [one], validators }));
      expect(await sources.readValidators('news', FEED)).toEqual({
        ...validators,
        listedAt: expect.any(String),
      });
      expect(await sources.readValidators('news', 'https://example.org/other.xml')).toBeNull();
      const touched = { etag: 'W/"1"', lastModified: 'Sat, 03 Jan 2026 03:04:05 GMT' };
      const notModified = { outcome: 'not_modified', status: 304 } as const;
      await sources.storeCycle(cycleInput('3', { items: null, validators: touched, cycle: notModified }));
      expect(await sources.readValidators('news', FEED)).toEqual({
        ...touched,
        listedAt: expect.any(String),
      });
      await sources.storeCycle(cycleInput('4', { validators: { etag: null, lastModified: null } }));
      expect(await sources.readValidators('news', FEED)).toBeNull();
    });
  });

  it('that began before one that is stored loses no item and takes nothing back', async () => {
    await withStore(async ({ sources }) => {
      const began = (minute: number) => ({ startedAt: `2026-01-02T03:0${minute}:00.000Z` });
      const validators = (etag: string) => ({ etag, lastModified: null });
      const renamed = { ...two, title: 'Renamed', fingerprint: 'renamed' };
      await sources.storeCycle(
        cycleInput('2', { items: [renamed], validators: validators('"2"'), cycle: began(2) }),
      );
      const late = { items: [one, two], validators: validators('"1"'), cycle: began(1) };
      expect(await sources.storeCycle(cycleInput('1', late))).toMatchObject({ newItems: 1, changedItems: 0 });
      expect(await sources.readValidators('news', FEED)).toEqual({
        ...validators('"2"'),
        listedAt: expect.any(String),
      });
      const titles = (await sources.listItems({ limit: 10 })).map(({ title }) => title);
      expect(titles).toEqual(['Title of one', 'Renamed']);
    });
  });

  it('keeps what an item was when it changes, ten versions back', async () => {
    await withStore(async ({ sources }) => {
      for (let version = 1; version <= 14; version++) {
        const item = namedItem('one', { title: `Version ${version}`, published: '2026-01-02T03:04:05.000Z' });
        const stored = await sources.storeCycle(cycleInput(`${version}`, { items: [item, two] }));
        expect(stored.changedItems).toBe(version === 1 ? 0 : 1);
      }
      const [item] = (await sources.listItems({ limit: 10 })).filter(({ guid }) => guid === 'guid-one');
      expect(item).toMatchObject({ title: 'Version 14', revision: 14 });
      const revisions = await sources.listRevisions(item?.number ?? 0);
      expect(revisions.map(({ title }) => title)).toEqual(
        [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((version) => `Version ${version}`),
      );
    });
  });

  it('keeps every fact of an item', async () => {
    await withStore(async ({ sources }) => {
      const full = namedItem('full', {
        published: '2026-01-01T00:00:00.000Z',
        updated: '2026-01-02T00:00:00.000Z',
        summary: 'In short',
        author: 'Ada',
        categories: ['harbour', 'lamps'],
        enclosures: [{ url: 'https://example.org/a.mp3', type: 'audio/mpeg', bytes: 12 }],
        image: 'https://example.org/a.png',
      });
      await sources.storeCycle(cycleInput('1', { items: [full] }));
      const [item] = await sources.listItems({ limit: 1, withContent: true });
      const { id: _id, fingerprint: _fingerprint, ...facts } = full;
      expect(item).toMatchObject({ ...facts, source: 'news', revision: 1, changedAt: null });
      const [short] = await sources.listItems({ limit: 1 });
      expect(short?.content).toBeNull();
    });
  });

  it('does not announce or count old items as new when items are told apart in another way', async () => {
    await withStore(async ({ sources }) => {
      const items = [one, two, namedItem('same-link', { link: one.link, content: two.content })];
      await sources.storeCycle(cycleInput('first', { items }));
      for (const dedup of ['url', 'content', 'id', 'auto'] as const) {
        expect(await sources.storeCycle(cycleInput(dedup, { items: [...items], dedup }))).toMatchObject({
          newItems: 0,
        });
      }
      expect(await sources.storeCycle(cycleInput('last', { items: [three], dedup: 'url' }))).toMatchObject({
        newItems: 1,
      });
    });
  });

  it('takes a large list and texts that databases stumble over', async () => {
    await withStore(async ({ sources }) => {
      const items = Array.from({ length: 2_000 }, (_, index) => namedItem(`item-${index}`));
      expect(await sources.storeCycle(cycleInput('1', { items }))).toMatchObject({ newItems: 2_000 });
      expect(await sources.storeCycle(cycleInput('2', { items: items.slice(0, 1_999) }))).toMatchObject({
        newItems: 0,
      });
      const failed = { outcome: 'failed', cause: 'other', detail: `a\0b'"${'x'.repeat(10_000)}` } as const;
      await sources.storeCycle(cycleInput('3', { items: null, cycle: failed }));
      const [facts] = await sources.readSources();
      expect(facts?.recent.find(({ id }) => id === '3')?.detail?.length).toBeLessThanOrEqual(500);
    });
  });
});

describeStores('lists of items', (withStore) => {
  it('are read page by page in both directions, by source and by time', async () => {
    await withStore(async ({ sources }) => {
      const items = Array.from({ length: 5 }, (_, index) => namedItem(`item-${index}`));
      await sources.storeCycle(cycleInput('1', { items }));
      await sources.storeCycle(cycleInput('1', { items: [one], cycle: { source: 'other' } }));
      const numbers = async (query: object) =>
        (await sources.listItems({ limit: 2, ...query })).map(({ number }) => number);
      expect(await numbers({})).toEqual([6, 5]);
      expect(await numbers({ before: 5 })).toEqual([4, 3]);
      expect(await numbers({ after: 3, oldestFirst: true })).toEqual([4, 5]);
      expect(await numbers({ source: 'other' })).toEqual([6]);
      expect(await numbers({ source: 'absent' })).toEqual([]);
      expect(await numbers({ since: '2020-01-01' })).toEqual([6, 5]);
      expect(await numbers({ since: '2120-01-01' })).toEqual([]);
    });
  });
});
