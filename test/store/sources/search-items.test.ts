/**
 * Goal: a topic finds the same items in either database, in every script, and the index follows whatever happens to items.
 * Method: items stored, changed and deleted through cycles on real databases; a model in a few lines says what must be found.
 */
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Kysely, sql } from 'kysely';
import type { ParsedItem } from '../../../core/items.js';
import { parseTopic } from '../../../core/search/index.js';
import { postgresDialect } from '../../../store/dialects/postgres.js';
import { sqliteDialect } from '../../../store/dialects/sqlite.js';
import { parseStoreUrl } from '../../../store/engine.js';
import type { ItemSearch, Store } from '../../../store/index.js';
import { storeCycle } from '../../../store/sources/store-cycle.js';
import type { Tables } from '../../../store/tables.js';
import { cycleInput, namedItem, parsedItem } from '../../support/cycles.js';
import { describeStores, later } from '../../support/stores.js';

const DAY_MS = 86_400_000;

async function found(store: Store, topic: string, changes: Partial<ItemSearch> = {}): Promise<string[]> {
  const period = { from: later(-DAY_MS).toISOString(), to: later(DAY_MS).toISOString() };
  const items = await store.sources.searchItems({
    topic: parseTopic(topic),
    ...period,
    limit: 100,
    ...changes,
  });
  return items.map(({ title }) => title ?? '');
}

async function keep(store: Store, id: string, items: readonly ParsedItem[], source = 'news'): Promise<void> {
  await store.sources.storeCycle(cycleInput(id, { items, cycle: { source } }));
}

function openDatabase(url: string): Kysely<Tables> {
  const location = parseStoreUrl(url);
  return new Kysely<Tables>({
    dialect: location.engine === 'sqlite' ? sqliteDialect(location.path) : postgresDialect(location.url),
  });
}

const titled = (title: string, changes: Partial<ParsedItem> = {}) => namedItem(title, { title, ...changes });

describeStores('items by topic', (withStore) => {
  it('are found by words, phrases, beginnings, alternatives and what they must not say', async () => {
    await withStore(async (store) => {
      await keep(store, '1', [
        titled('Solar power grows'),
        titled('Power of solar storms', { content: '<p>Nothing <b>grows</b> there</p>' }),
        titled('Wind power shrinks', { summary: 'Élections ahead' }),
      ]);
      expect((await found(store, 'solar POWER')).sort()).toEqual([
        'Power of solar storms',
        'Solar power grows',
      ]);
      expect(await found(store, '"solar power"')).toEqual(['Solar power grows']);
      expect(await found(store, 'power -solar')).toEqual(['Wind power shrinks']);
      expect(await found(store, 'elect*')).toEqual(['Wind power shrinks']);
      expect(await found(store, 'elect')).toEqual([]);
      expect((await found(store, 'storms OR wind')).sort()).toEqual([
        'Power of solar storms',
        'Wind power shrinks',
      ]);
      expect(await found(store, 'power -solar -elections')).toEqual([]);
    });
  });

  it('are found in the text a reader sees, and not in its markup', async () => {
    await withStore(async (store) => {
      await keep(store, '1', [
        titled('Seen', {
          content: '<div class="hidden"><a href="https://x.example/secret">Visible</a> words</div>',
        }),
      ]);
      expect(await found(store, 'visible')).toEqual(['Seen']);
      expect(await found(store, 'div OR class OR hidden OR secret OR href')).toEqual([]);
    });
  });

  it.each([
    ['東京', '東京で大きな地震', '大阪で大きな地震'],
    ['地震', '東京で大きな地震', '東京の天気'],
    ['서울', '서울에서 열린 회의', '부산에서 열린 회의'],
    ['ประเทศ', 'ข่าวประเทศไทยวันนี้', 'ข่าววันนี้'],
    ['новости', 'Новости дня', 'Погода дня'],
    ['الاقتصاد', 'الاقتصاد العالمي', 'الرياضة العالمية'],
    ['हिन्दी', 'हिन्दी समाचार', 'अंग्रेज़ी समाचार'],
    ['müller', 'MULLER wins', 'Miller wins'],
  ])('are found in any script: %s', async (topic, wanted, other) => {
    await withStore(async (store) => {
      await keep(store, '1', [titled(other), titled(wanted)]);
      expect(await found(store, topic)).toEqual([wanted]);
    });
  });

  it('come with the best match first: a word in the title says more than one in the text', async () => {
    await withStore(async (store) => {
      await keep(store, '1', [
        titled('Volcano erupts'),
        titled('Travel news', {
          content: `<p>${'Much is said about other things. '.repeat(20)} volcano</p>`,
        }),
        titled('Quiet day', { summary: 'a volcano' }),
      ]);
      const order = await found(store, 'volcano');
      expect(order[0]).toBe('Volcano erupts');
      expect(order.slice(1).sort()).toEqual(['Quiet day', 'Travel news']);
      expect(await found(store, 'volcano', { limit: 1 })).toEqual(['Volcano erupts']);
    });
  });

  it('are those of the named sources and of the period, by the date that can be right', async () => {
    await withStore(async (store) => {
      const published = later(-5 * DAY_MS).toISOString();
      await keep(store, '1', [titled('story old', { published }), titled('story new')]);
      await keep(
        store,
        '1',
        [titled('story future', { published: later(30 * DAY_MS).toISOString() })],
        'blog',
      );
      expect((await found(store, 'story')).sort()).toEqual(['story future', 'story new']);
      expect(await found(store, 'story', { sources: ['blog', 'unknown'] })).toEqual(['story future']);
      expect(await found(store, 'story', { sources: [] })).toEqual([]);
      const days = { from: later(-6 * DAY_MS).toISOString(), to: later(-4 * DAY_MS).toISOString() };
      expect(await found(store, 'story', days)).toEqual(['story old']);
      expect(
        await found(store, 'story', { ...days, from: published, to: later(-DAY_MS).toISOString() }),
      ).toEqual(['story old']);
      expect(await found(store, 'story', { ...days, to: published })).toEqual([]);
    });
  });

  it('are found as they read now, and no more when they are gone', async () => {
    await withStore(async (store, url) => {
      const item = { guid: 'one', link: 'https://example.org/one' };
      await keep(store, '1', [parsedItem({ ...item, title: 'Before the change' })]);
      await keep(store, '2', [parsedItem({ ...item, title: 'After the change' })]);
      expect(await found(store, 'before')).toEqual([]);
      expect(await found(store, 'after')).toEqual(['After the change']);
      const db = openDatabase(url);
      // Fails when the index holds anything else than the items do.
      const check = sql`insert into item_search (item_search) values ('integrity-check')`;
      if (url.startsWith('sqlite:')) await check.execute(db);
      await db.deleteFrom('items').execute();
      if (url.startsWith('sqlite:')) await check.execute(db);
      await db.destroy();
      expect(await found(store, 'change')).toEqual([]);
      await keep(store, '3', [parsedItem({ ...item, title: 'Back again' })]);
      expect(await found(store, 'change OR again')).toEqual(['Back again']);
    });
  });

  it('are found where an earlier version, which does not know of the index, has stored them', async () => {
    await withStore(async (store, url) => {
      await keep(store, '1', [titled('Listed first')]);
      const db = openDatabase(url);
      await sql`update items set title = 'Written by another', summary = 'quite plainly', search_title = null, search_text = null`.execute(
        db,
      );
      await db.destroy();
      expect(await found(store, 'another plainly')).toEqual(['Written by another']);
      expect(await found(store, 'listed')).toEqual([]);
    });
  });

  it('survives what no parser of a database must ever see', async () => {
    await withStore(async (store) => {
      await keep(store, '1', [titled(`It's "quoted" AND (near) NOT * : & | ! <->`)]);
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.constantFrom(
              'NEAR',
              'AND',
              'NOT',
              '(',
              ')',
              '*',
              '"',
              "'",
              ':',
              '&',
              '|',
              '!',
              '<->',
              '\\',
              '^',
              '{',
              'quoted',
              '-',
              ' ',
              '٣',
              'ª',
            ),
            { maxLength: 12 },
          ),
          async (parts) => {
            await found(store, `quoted OR ${parts.join('')} near`);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
});

const WORDS = ['one', 'two', 'drei', 'vier', '東', '京', 'five5'] as const;
const words = (max: number) => fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: max });

describeStores('a topic over many items', (withStore) => {
  it('finds exactly the items that the model finds', async () => {
    await withStore(async (store, url) => {
      const items = fc
        .sample(fc.tuple(words(4), words(6)), { numRuns: 60, seed: 5 })
        .map(([title, text], index) =>
          parsedItem({ guid: `${index}`, title: title.join(' '), summary: text.join(' ') }),
        );
      const db = openDatabase(url);
      await storeCycle(db, cycleInput('1', { items }), new Date());
      await db.destroy();
      const has = (text: string | null, phrase: readonly string[]): boolean =>
        ` ${text} `.includes(` ${phrase.join(' ')} `);
      const says = (item: ParsedItem, phrase: readonly string[]): boolean =>
        has(item.title, phrase) || has(item.summary, phrase);
      await fc.assert(
        fc.asyncProperty(words(3), words(2), words(2), async (wanted, alternative, excluded) => {
          const topic = `"${wanted.join(' ')}" OR "${alternative.join(' ')}" -"${excluded.join(' ')}"`;
          const expected = items.filter(
            (item) => (says(item, wanted) || says(item, alternative)) && !says(item, excluded),
          );
          expect((await found(store, topic)).sort()).toEqual(expected.map(({ title }) => title ?? '').sort());
        }),
        { numRuns: 80 },
      );
    });
  });
});
