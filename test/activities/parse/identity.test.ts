/** Goal: an item is the same one at the next fetch, none is lost, and none appears twice. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ParsedItem } from '../../../core/items.js';
import { identify } from '../../../activities/parse/identity.js';
import { itemOf } from '../../../activities/parse/item.js';

interface Written {
  readonly guid?: string | null;
  readonly link?: string | null;
  readonly title?: string | null;
  readonly content?: string | null;
}

function identified(
  items: readonly Written[],
  dedup: 'auto' | 'id' | 'url' | 'content' = 'auto',
): readonly ParsedItem[] {
  return identify(
    items.map((item) => itemOf({ baseUrl: 'https://example.org/', ...item })),
    dedup,
  );
}

const idsOf = (...args: Parameters<typeof identified>) => identified(...args).map(({ id }) => id);

describe('the identity of an item', () => {
  it('is its GUID, and its link without one', () => {
    expect(idsOf([{ guid: 'a', link: '/1' }, { link: '/2' }])).toEqual(['a', 'https://example.org/2']);
  });

  it('is GUID and link where different items share a GUID, and the others keep theirs', () => {
    const ids = idsOf([
      { guid: 'N/A', link: '/1' },
      { guid: 'N/A', link: '/2' },
      { guid: 'b', link: '/3' },
    ]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe('b');
  });

  it('is still its GUID when the same item is listed twice', () => {
    const twice = [
      { guid: 'a', link: '/1', title: 'first' },
      { guid: 'a', link: '/1', title: 'again' },
    ];
    expect(identified(twice).map(({ id, title }) => [id, title])).toEqual([['a', 'first']]);
  });

  it('needs the title where links are shared, and the text where titles are, too', () => {
    const ids = idsOf([
      { link: '/', title: 'Red', content: '1' },
      { link: '/', title: 'Green', content: '1' },
      { link: '/', title: 'Update', content: 'it burns' },
      { link: '/', title: 'Update', content: 'it does not' },
    ]);
    expect(new Set(ids).size).toBe(4);
  });

  it('is title and text where there is nothing else', () => {
    const ids = idsOf([
      { title: 'a', content: '1' },
      { title: 'a', content: '2' },
      { title: 'a', content: '1' },
    ]);
    expect(ids.length).toBe(2);
  });

  it('follows the setting', () => {
    const items = [
      { guid: 'a', link: '/1', title: 'x' },
      { guid: 'b', link: '/1', title: 'x' },
      { guid: 'a', link: '/2', title: 'x' },
    ];
    expect(idsOf(items, 'id')).toEqual(['a', 'b']);
    expect(idsOf(items, 'url')).toEqual(['https://example.org/1', 'https://example.org/2']);
    expect(idsOf(items, 'content').length).toBe(1);
    expect(idsOf(items, 'auto').length).toBe(3);
  });

  it('is not longer than it needs to be', () => {
    const [id = ''] = idsOf([{ guid: 'x'.repeat(5_000) }]);
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  const few = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
  const written = fc.record({ guid: few, link: few, title: few, content: few });
  const documents = fc.array(written, { maxLength: 8 });

  it('is unique in a document, and every different item is there once', () => {
    fc.assert(
      fc.property(documents, (items) => {
        const ids = idsOf(items);
        expect(new Set(ids).size).toBe(ids.length);
        const links = new Set(
          items.flatMap(({ guid, link }) => (guid === null && link !== null ? [link] : [])),
        );
        const guids = new Set(items.flatMap(({ guid }) => guid ?? []));
        expect(ids.length).toBeGreaterThanOrEqual(links.size + guids.size);
      }),
    );
  });

  it('does not depend on the order of the items', () => {
    fc.assert(
      fc.property(documents, (items) => {
        expect(idsOf(items.toReversed()).sort()).toEqual(idsOf(items).sort());
      }),
    );
  });

  it('with a GUID of its own does not depend on the neighbours at all', () => {
    fc.assert(
      fc.property(documents, (items) => {
        expect(idsOf([...items, { guid: 'own', link: '/own', title: 'own' }])).toContain('own');
      }),
    );
  });
});

describe('the fingerprint of an item', () => {
  const print = (changes: Parameters<typeof itemOf>[0]) => itemOf(changes).fingerprint;
  const base = {
    baseUrl: 'https://example.org/',
    guid: 'a',
    title: 't',
    content: 'c',
    updated: '2020-01-01',
  };

  it('changes with what a reader sees', () => {
    for (const change of [
      { title: 'u' },
      { content: 'd' },
      { link: '/1' },
      { author: 'Ann' },
      { whole: 'x' },
    ]) {
      expect(print({ ...base, ...change })).not.toBe(print(base));
    }
  });

  it('does not change with dates', () => {
    expect(print({ ...base, updated: '2021-01-01', published: '2021-01-01' })).toBe(print(base));
  });
});
