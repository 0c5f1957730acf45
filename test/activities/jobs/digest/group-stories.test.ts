import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupStories } from '../../../../activities/jobs/digest/group-stories.js';
import { rankStories } from '../../../../activities/jobs/digest/rank-stories.js';

interface Item {
  readonly number: number;
  readonly source: string;
  readonly title: string;
  readonly link: string | null;
  readonly date: string;
}

const DAY_MS = 86_400_000;
const BEGIN_MS = Date.parse('2026-03-01T00:00:00Z');

function item(number: number, source: string, title: string, link: string | null = null, day = 0): Item {
  return { number, source, title, link, date: new Date(BEGIN_MS + day * DAY_MS).toISOString() };
}

function numbersOf(items: readonly Item[]): number[][] {
  return groupStories(items).map((story) => story.map(({ number }) => number));
}

describe('reports of several sources', () => {
  it.each([
    ['Apple unveils new iPhone 16 at event', 'Apple unveils new iPhone 16 - The Daily Example'],
    ['Strong earthquake shakes southern Japan', 'STRONG EARTHQUAKE SHAKES SOUTHERN JAPAN | Example'],
    ['Le gouvernement présente son budget', 'Le gouvernement presente son budget'],
    ['東京で大きな地震がありました', '東京で大きな地震がありました｜例新聞'],
    ['Mayor opens bridge', 'Mayor opens bridge'],
    ['Mayor opens bridge', 'Mayor opens bridge - The Daily Example'],
    ['Mayor opens bridge', 'The mayor opens a bridge'],
    ['Bitcoin', 'BITCOIN'],
    ['Storm closes the north bridge', 'Storm closes north bridge today'],
  ])('are one story when their titles are nearly the same: %s', (left, right) => {
    expect(numbersOf([item(1, 'a', left), item(2, 'b', right)])).toEqual([[1, 2]]);
  });

  it.each([
    ['iOS 18.1 released with many fixes', 'iOS 18.2 released with many fixes'],
    ['Live blog', 'Live blog'],
    ['Breaking news', 'Breaking News'],
    ['UN calls for ceasefire', 'EU calls for ceasefire'],
    ['Bridge to open', 'Bridge not to open'],
    ['Sunny day expected in London', 'Rainy day expected in Paris'],
    ['東京で地震', '大阪で火事'],
  ])('are two when another number, place or nothing in particular is meant: %s', (left, right) => {
    expect(numbersOf([item(1, 'a', left), item(2, 'b', right)])).toEqual([[1], [2]]);
  });

  it('are one story when they lead to the same page, however the link is decorated', () => {
    const items = [
      item(1, 'a', 'One title', 'https://www.example.org/story/1/?utm_source=feed&id=7'),
      item(2, 'b', 'Quite another', 'http://example.org/story/1?id=7&fbclid=x#comments'),
      item(3, 'c', 'A third one', 'https://example.org/story/1?id=8'),
    ];
    expect(numbersOf(items)).toEqual([[1, 2], [3]]);
  });

  it('are not put together by links to a front page, or to a page that lists many things', () => {
    const items = [
      item(1, 'a', 'First thing', 'https://example.org/'),
      item(2, 'b', 'Second thing', 'https://example.org'),
      item(3, 'a', 'Third thing', 'https://example.org/changes'),
      item(4, 'a', 'Fourth thing', 'https://example.org/changes'),
      item(5, 'b', 'Fifth thing', 'https://example.org/changes'),
    ];
    expect(numbersOf(items)).toEqual([[1], [2], [3], [4], [5]]);
  });

  it('are one story when one source has the page twice under the same title, alone or beside others', () => {
    const page = 'https://example.org/story/1';
    const items = [
      item(1, 'a', 'One title', page),
      item(2, 'b', 'Quite another', page),
      item(3, 'a', 'One title', `${page}?utm_source=feed`, 2),
    ];
    expect(numbersOf(items)).toEqual([[1, 2, 3]]);
    expect(numbersOf([items[0]!, items[2]!])).toEqual([[1, 3]]);
    const changed = item(3, 'a', 'Storm closes north bridge today', page);
    expect(numbersOf([item(1, 'a', 'Storm closes the north bridge', page), items[1]!, changed])).toEqual([
      [1, 2, 3],
    ]);
  });

  it('are one story on a page that lists many things when they have the same title, too', () => {
    const page = 'https://example.org/changes';
    const items = [
      item(1, 'a', 'First thing', page),
      item(2, 'a', 'Second thing', page),
      item(3, 'a', 'First thing', page),
      item(4, 'b', 'Third thing', page),
    ];
    expect(numbersOf(items)).toEqual([[1, 3], [2], [4]]);
  });

  it('are instalments when one source says the same twice, or another one does a week later', () => {
    const title = 'What is happening in town this evening';
    expect(numbersOf([item(1, 'a', title), item(2, 'a', title), item(3, 'b', title, null, 7)])).toEqual([
      [1],
      [2],
      [3],
    ]);
    const [left, right] = ['https://example.org/1', 'https://example.org/2'];
    expect(numbersOf([item(1, 'a', title, left), item(2, 'a', title, right, 1)])).toEqual([[1], [2]]);
  });
});

const TITLES = [
  'Mayor opens bridge',
  'The mayor opens a bridge',
  'The mayor opens a bridge today',
  'Strong earthquake shakes southern Japan',
  'Strong earthquake shakes southern Japan again',
  'Apple unveils new iPhone 16 at event',
  'Apple unveils new iPhone 17 at event',
  'Live',
];
const LINKS = [null, 'https://a.example/1', 'https://a.example/2', 'https://a.example/'];
const anyItems = fc
  .array(
    fc.record({
      source: fc.constantFrom('a', 'b', 'c'),
      title: fc.constantFrom(...TITLES),
      link: fc.constantFrom(...LINKS),
      day: fc.nat(9),
    }),
    { maxLength: 25 },
  )
  .map((list) =>
    list.map(({ source, title, link, day }, index) => item(index + 1, source, title, link, day)),
  );

describe('stories', () => {
  it('hold every item exactly once, in the order of the items', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const stories = groupStories(items);
        const all = stories.flat().map(({ number }) => number);
        expect(all.toSorted((left, right) => left - right)).toEqual(items.map(({ number }) => number));
        const firsts = stories.map(([{ number }]) => number);
        expect(firsts).toEqual(firsts.toSorted((left, right) => left - right));
      }),
    );
  });

  it('are the same in whatever order the items come', () => {
    const asSets = (items: readonly Item[]): string[] =>
      numbersOf(items)
        .map((story) => story.toSorted((left, right) => left - right).join(' '))
        .sort();
    fc.assert(
      fc.property(anyItems, fc.infiniteStream(fc.nat()), (items, random) => {
        const shuffled = items
          .map((one) => ({ one, place: random.next().value as number }))
          .sort((left, right) => left.place - right.place)
          .map(({ one }) => one);
        expect(asSets(shuffled)).toEqual(asSets(items));
      }),
    );
  });

  it('hold everything that has to do with something in them by its title', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const storyOf = new Map(
          numbersOf(items).flatMap((story, index) => story.map((number) => [number, index] as const)),
        );
        const withoutLinks = items.map((one) => ({ ...one, link: null }));
        for (const left of withoutLinks) {
          for (const right of withoutLinks) {
            const isJoined = numbersOf([left, right]).length === 1;
            if (isJoined) expect(storyOf.get(left.number)).toBe(storyOf.get(right.number));
          }
        }
      }),
    );
  });

  it('that many sources report go before a slightly better match', () => {
    const stories = [
      [item(1, 'a', 'Best match')],
      [item(2, 'a', 'Much reported'), item(3, 'b', 'Much reported'), item(4, 'c', 'x'), item(5, 'd', 'x')],
      [item(6, 'a', 'Last')],
    ] as const;
    expect(rankStories<Item>(stories).map(([{ number }]) => number)).toEqual([2, 1, 6]);
    expect(rankStories([])).toEqual([]);
  });
});
