/**
 * Goal: everything that sources brought can be paged through without loss or repetition while more comes in, and what is asked
 * wrongly is refused with words. Method: real stores on both databases, asked over HTTP.
 */
import { expect, it } from '@jest/globals';
import type { Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { withGateway, type ServedGateway } from '../../support/served-gateway.js';
import { describeStores } from '../../support/stores.js';

interface Page {
  readonly items: readonly {
    readonly number: number;
    readonly title: string;
    readonly content: string | null;
  }[];
  readonly next: number | null;
}

let cycles = 0;

/** Stores named items as one cycle of a source; the last one is the newest. */
async function keep(store: Store, names: readonly string[], source = 'news', changes = {}): Promise<void> {
  cycles += 1;
  const items = names.map((name) => namedItem(name, changes)).toReversed();
  await store.sources.storeCycle(cycleInput(`cycle-${cycles}`, { cycle: { source }, items }));
}

async function pageOf(gateway: ServedGateway, query: string): Promise<Page> {
  const answer = await gateway.get(`/api/items${query}`);
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.stringContaining('"items":')]);
  return answer.json() as Page;
}

const titles = ({ items }: Page): string[] => items.map(({ title }) => title.replace('Title of ', ''));

describeStores('/api/items', (withStore) => {
  it('gives all that is known of an item, the newest first', async () => {
    await withStore(async (store) => {
      await keep(store, ['a']);
      await keep(store, ['b'], 'other', {
        published: '2026-01-02T03:04:05.000Z',
        author: 'Ada',
        summary: 'In short',
        categories: ['one', 'two'],
        enclosures: [{ url: 'https://example.org/b.mp3', type: 'audio/mpeg', bytes: 5 }],
        image: 'https://example.org/b.png',
      });
      await withGateway({ store }, async (gateway) => {
        const page = await pageOf(gateway, '');
        expect(titles(page)).toEqual(['b', 'a']);
        expect(page.next).toBeNull();
        const [newest] = await store.sources.listItems({ limit: 1 });
        expect(page.items[0]).toEqual(newest);
        const one = await gateway.get('/api/items/2');
        expect(one.json()).toEqual({ ...newest, content: '<p>Content of b</p>' });
      });
    });
  });

  it('pages through every item once while new ones come in', async () => {
    await withStore(async (store) => {
      const names = Array.from({ length: 23 }, (_, index) => `item-${index}`);
      await keep(store, names);
      await withGateway({ store }, async (gateway) => {
        const seen: string[] = [];
        let cursor = '';
        for (;;) {
          const page = await pageOf(gateway, `?limit=5${cursor}`);
          seen.push(...titles(page));
          if (page.next === null) break;
          cursor = `&cursor=${page.next}`;
          await keep(store, [...names, `later-${seen.length}`]);
        }
        expect(seen).toEqual(names.toReversed());
      });
    });
  });

  it('says that a page is the last one when it is just full', async () => {
    await withStore(async (store) => {
      await keep(store, ['a', 'b', 'c', 'd']);
      await withGateway({ store }, async (gateway) => {
        const first = await pageOf(gateway, '?limit=2&content=true');
        const second = await pageOf(gateway, `?limit=2&content=true&cursor=${first.next}`);
        expect([titles(first), titles(second), second.next]).toEqual([['d', 'c'], ['b', 'a'], null]);
        expect(second.items[0]?.content).toBe('<p>Content of b</p>');
        const plain = await pageOf(gateway, '?limit=4');
        expect([plain.next, plain.items[0]?.content]).toEqual([null, null]);
      });
    });
  });

  it('ends a page early when contents are long, and loses nothing by it', async () => {
    await withStore(async (store) => {
      const content = 'x'.repeat(256 * 1024);
      const names = Array.from({ length: 30 }, (_, index) => `long-${index}`);
      await keep(store, names, 'news', { content });
      await withGateway({ store }, async (gateway) => {
        const first = await pageOf(gateway, '?limit=200&content=true');
        const second = await pageOf(gateway, `?limit=200&content=true&cursor=${first.next}`);
        expect([first.items.length, second.items.length, second.next]).toEqual([16, 14, null]);
        expect([...titles(first), ...titles(second)]).toEqual(names.toReversed());
      });
    });
  });

  it('chooses by source, by when an item was first seen, and by text', async () => {
    await withStore(async (store) => {
      await keep(store, ['early']);
      await keep(store, ['foreign'], 'other', { title: 'Наводнение в 50 %_деревень' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await keep(store, ['late'], 'news', { summary: 'All about Ships' });
      await withGateway({ store }, async (gateway) => {
        const [late] = await store.sources.listItems({ limit: 1 });
        const at = encodeURIComponent(late?.firstSeenAt ?? '');
        expect(titles(await pageOf(gateway, '?source=news'))).toEqual(['late', 'early']);
        expect(titles(await pageOf(gateway, `?since=${at}`))).toEqual(['late']);
        expect(titles(await pageOf(gateway, `?until=${at}&source=news`))).toEqual(['early']);
        expect(titles(await pageOf(gateway, '?since=1h&until=2s'))).toEqual([]);
        expect(titles(await pageOf(gateway, '?q=about%20sHIPs'))).toEqual(['late']);
        for (const word of ['наводнение', 'НАВОДНЕНИЕ', '%25_дер', '50%20%25']) {
          expect((await pageOf(gateway, `?q=${encodeURI(decodeURI(word))}`)).items).toHaveLength(1);
        }
        expect((await pageOf(gateway, '?q=5%25d')).items).toEqual([]);
      });
    });
  });

  it('gives what an item was before it changed', async () => {
    await withStore(async (store) => {
      await keep(store, ['a']);
      await keep(store, ['a'], 'news', { content: '<p>Second</p>' });
      await keep(store, ['a'], 'news', { content: '<p>Third</p>' });
      await withGateway({ store }, async (gateway) => {
        const answer = await gateway.get('/api/items/1/revisions');
        expect(answer.json()).toMatchObject({
          item: { number: 1, revision: 3, content: '<p>Third</p>', changedAt: expect.any(String) },
          revisions: [
            { revision: 2, content: '<p>Second</p>' },
            { revision: 1, content: '<p>Content of a</p>' },
          ],
        });
      });
    });
  });

  it('refuses what it does not know, naming key, value and what is allowed', async () => {
    await withStore(async (store) => {
      await withGateway({ store }, async (gateway) => {
        const refused = async (path: string) => {
          const { status, json } = await gateway.get(path);
          return [status, (json() as { error: object }).error];
        };
        expect(await refused('/api/items?limit=201')).toEqual([
          400,
          expect.objectContaining({
            key: 'query.limit',
            value: '201',
            allowed: 'an integer from 1 to 200',
          }),
        ]);
        expect(await refused('/api/items?limt=2')).toEqual([
          400,
          expect.objectContaining({ key: 'query.limt' }),
        ]);
        expect(await refused('/api/items?since=yesterday')).toEqual([
          400,
          expect.objectContaining({ key: 'query.since', value: 'yesterday' }),
        ]);
        expect(await refused('/api/items?q=a%00b')).toEqual([
          400,
          expect.objectContaining({ key: 'query.q' }),
        ]);
        expect(await refused('/api/items?cursor=1e30')).toMatchObject([400, { key: 'query.cursor' }]);
        expect(await refused('/api/items?source=nobody')).toMatchObject([404, { code: 'unknown_instance' }]);
        expect(await refused('/api/items/7')).toMatchObject([404, { code: 'not_found' }]);
        expect(await refused('/api/items/7/revisions')).toMatchObject([404, { code: 'not_found' }]);
        expect(await refused('/api/items/seven')).toMatchObject([400, { key: 'params.number' }]);
      });
    });
  });

  it('knows a source that is configured and has not brought anything', async () => {
    await withStore(async (store) => {
      const config = { sources: [{ id: 'fresh', url: 'https://example.org/feed.xml' }] };
      await withGateway({ store, config }, async (gateway) => {
        expect(await pageOf(gateway, '?source=fresh')).toEqual({ items: [], next: null });
      });
    });
  });
});
