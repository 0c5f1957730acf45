/**
 * Goal: an item is the same item in every answer, however its source names it, and different ones are never taken for one.
 * Method: the ladder rung by rung, quirks of real feeds, and properties over feeds whose GUIDs repeat.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ParsedItem } from '../../../core/items.js';
import {
  identifyItems,
  listDigest,
  matchItems,
  type Dedup,
  type KnownItem,
} from '../../../store/sources/identity.js';
import { namedItem, parsedItem } from '../../support/cycles.js';

/** Takes answers in, one after another, as the store does; how many items each brought that were new. */
function newInEach(answers: readonly (readonly ParsedItem[])[], dedup: Dedup = 'auto'): number[] {
  const known = new Map<number, KnownItem>();
  return answers.map((answer) => {
    const matched = matchItems(identifyItems(answer, dedup), [...known.values()]);
    const added = matched.filter((item) => item.known === null).length;
    for (const { item, key, twin, known: before } of matched) {
      const sequence = before?.sequence ?? known.size + 1;
      const { link, title, fingerprint } = item;
      known.set(sequence, { sequence, item_key: key, twin, fingerprint, link, title, revision: 1 });
    }
    return added;
  });
}

const item = (guid: string | null, link: string | null, title: string, content: string | null = null) =>
  parsedItem({ guid, link, title, content });

describe('what makes an item the same', () => {
  it('is its GUID, whatever else changes', () => {
    expect(newInEach([[item('1', '/a', 'Old')], [item('1', '/a', 'New')], [item('1', '/b', 'New')]])).toEqual(
      [1, 0, 0],
    );
  });

  it('is its link without a GUID, and its title and content without both', () => {
    expect(newInEach([[item(null, '/a', 'Old')], [item(null, '/a', 'New')]])).toEqual([1, 0]);
    expect(newInEach([[item(null, null, 'A', 'x')], [item(null, null, 'A', 'x')]])).toEqual([1, 0]);
    expect(newInEach([[item(null, null, 'A', 'x')], [item(null, null, 'A', 'y')]])).toEqual([1, 1]);
  });

  it('is GUID and link where GUIDs repeat, also in answers in which they do not', () => {
    const [one, two, three] = [
      item('N/A', '/1', 'Tool 1'),
      item('N/A', '/2', 'Tool 2'),
      item('N/A', '/3', 'Tool 3'),
    ];
    expect(newInEach([[one, two, three], [three], [two, three], [one]])).toEqual([3, 0, 0, 0]);
  });

  it('is not a GUID that was a constant from the start', () => {
    expect(newInEach([[item('N/A', '/1', 'Tool 1')], [item('N/A', '/2', 'Tool 2')]])).toEqual([1, 1]);
  });

  it('is link, title and content where several items share a link', () => {
    const cups = ['Red', 'Green', 'Blue'].map((name) =>
      item(null, 'https://example.org', name, `${name} cup`),
    );
    expect(newInEach([cups, cups.slice(1), cups])).toEqual([3, 0, 0]);
  });

  it('is what the configuration says', () => {
    const first = item('1', '/a', 'A', 'x');
    expect(newInEach([[first], [item('2', '/a', 'A', 'x')]], 'auto')).toEqual([1, 1]);
    expect(newInEach([[first], [item('2', '/a', 'A', 'x')]], 'url')).toEqual([1, 0]);
    expect(newInEach([[first], [item('2', '/b', 'A', 'x')]], 'content')).toEqual([1, 0]);
    expect(newInEach([[item('1', '/a', 'A'), item('1', '/b', 'B')]], 'id')).toEqual([1]);
  });

  it('does not mix a GUID up with a link or a text that reads the same', () => {
    expect(newInEach([[item('x', null, 'A'), item(null, 'x', 'B'), item(null, null, 'x')]])).toEqual([3]);
  });

  it('keeps items without any text apart by whatever else they have', () => {
    const [sound, picture] = [parsedItem({ image: '/a.png' }), parsedItem({ image: '/b.png' })];
    expect(newInEach([[sound, picture], [picture]])).toEqual([2, 0]);
  });
});

const anyItem = fc
  .record({
    guid: fc.constantFrom(null, 'a', 'b'),
    link: fc.constantFrom(null, '/1', '/2', '/3'),
    title: fc.constantFrom(null, 'One', 'Two'),
    content: fc.constantFrom(null, 'x', 'y'),
  })
  .map(parsedItem);
const anyAnswer = fc.array(anyItem, { maxLength: 8 });
const anyDedup = fc.constantFrom<Dedup>('auto', 'id', 'url', 'content');

describe('every series of answers', () => {
  it('brings nothing new with an answer that came before, whatever came in between', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 4 }), anyAnswer, anyDedup, (others, answer, dedup) => {
        const news = newInEach([answer, answer, ...others], dedup);
        expect(news[1]).toBe(0);
      }),
    );
  });

  it('never takes two items of one answer for one that is kept', () => {
    fc.assert(
      fc.property(anyAnswer, anyAnswer, anyDedup, (before, answer, dedup) => {
        const known = identifyItems(before, dedup).map(({ item: kept, key, twin }, sequence): KnownItem => {
          const { link, title, fingerprint } = kept;
          return { sequence, item_key: key, twin, fingerprint, link, title, revision: 1 };
        });
        const matched = matchItems(identifyItems(answer, dedup), known).flatMap((one) => one.known ?? []);
        expect(new Set(matched.map(({ sequence }) => sequence)).size).toBe(matched.length);
      }),
    );
  });
});

describe('the digest of a list', () => {
  const list = (items: readonly ParsedItem[]) => listDigest(identifyItems(items, 'auto'), 'auto');
  const [one, two] = [namedItem('one'), namedItem('two')];

  it('is the same in any order and for dates that were touched', () => {
    expect(list([two, one])).toBe(list([one, two]));
    expect(list([namedItem('one', { updated: '2026-01-02T03:04:05.000Z' }), two])).toBe(list([one, two]));
  });

  it('is another one when an item comes, goes or changes', () => {
    const others = [[one], [one, two, namedItem('three')], [one, namedItem('two', { title: 'Other' })]];
    expect(others.map(list)).not.toContain(list([one, two]));
  });
});
