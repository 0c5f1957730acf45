/** Goal: an end that is missing loses one item at most, and is told: an incomplete document is asked for again. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsed, parseText, type Parsed } from './support.js';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"';

/** Each with its items in the place of `$`. */
const KINDS = [
  { kind: 'RSS', item: 'item', feed: '<rss version="2.0"><channel><title>c</title>$</channel></rss>' },
  { kind: 'RDF', item: 'item', feed: `<rdf:RDF ${RDF}><channel><title>c</title></channel>$</rdf:RDF>` },
  { kind: 'Atom', item: 'entry', feed: '<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title>$</feed>' },
] as const;

function idsOf({ items }: Parsed): (string | null)[] {
  return items.map(({ guid }) => guid);
}

const rss = (items: string) => parsed(parseText(KINDS[0].feed.replace('$', items)));

describe.each(KINDS)('in $kind', ({ item, feed }) => {
  const id = item === 'entry' ? 'id' : 'guid';
  const read = (ids: readonly string[], hasEnd: (index: number) => boolean) => {
    const items = ids.map(
      (name, index) =>
        `<${item}><title>t${name}</title><${id}>${name}</${id}>${hasEnd(index) ? `</${item}>` : ''}`,
    );
    return parsed(parseText(feed.replace('$', items.join('\n'))));
  };

  it('an item without an end loses nothing, and the document is not complete', () => {
    const ids = Array.from({ length: 8 }, (_, index) => String(index));
    fc.assert(
      fc.property(fc.subarray(ids), (open) => {
        const outcome = read(ids, (index) => !open.includes(String(index)));
        expect(idsOf(outcome)).toEqual(ids);
        expect(outcome.items.map(({ title }) => title)).toEqual(ids.map((name) => `t${name}`));
        expect(outcome.isComplete).toBe(open.length === 0);
      }),
    );
  });
});

describe('an item', () => {
  it('that was cut in the middle is left out, and the next ones are not', () => {
    const next = '<item><title>b</title><guid>2</guid></item><item><guid>3</guid></item>';
    for (const cut of [
      '<item><title>ha',
      '<item><guid>1</guid><description><p>ha',
      '<item><title>a</title><link>htt',
    ]) {
      const outcome = rss(cut + next);
      expect(idsOf(outcome)).toEqual(['2', '3']);
      expect(outcome.isComplete).toBe(false);
    }
  });

  it('is found after a picture or a title without an end', () => {
    expect(
      idsOf(rss('<image><url>/x.png</url><item><guid>1</guid></item><item><guid>2</guid></item>')),
    ).toEqual(['1', '2']);
    const noTitleEnd = '<rss><channel><title>c<item><guid>1</guid></item></channel></rss>';
    expect(idsOf(parsed(parseText(noTitleEnd)))).toEqual(['1']);
  });

  it('may hold elements of its name, and words that look like one', () => {
    const outcome = rss(
      `<item><guid>1</guid><attachments><item>x</item><item>y</item></attachments></item>
       <item><guid>2</guid><title>The <item> element</title></item>`,
    );
    expect(idsOf(outcome)).toEqual(['1', '2']);
    expect(outcome.isComplete).toBe(true);
  });

  it('may hold a whole feed or another entry as its content', () => {
    const quoted = '<entry><id>x</id><title>q</title></entry>';
    for (const content of [
      `<content type="application/atom+xml">${quoted}</content>`,
      `<content type="application/atom+xml;type=entry">${quoted}</content>`,
      `<content><feed>${quoted}</feed></content>`,
    ]) {
      const feed = KINDS[2].feed.replace('$', `<entry><id>1</id>${content}</entry><entry><id>2</id></entry>`);
      expect(parsed(parseText(feed))).toMatchObject({
        items: [{ guid: '1' }, { guid: '2' }],
        isComplete: true,
      });
    }
  });

  it('that ends where it begins is whole', () => {
    const outcome = rss('<item rdf:about="https://example.org/1"/><item/>');
    expect(outcome).toMatchObject({ items: [{ link: 'https://example.org/1' }], isComplete: true });
  });

  it('with nothing in it is left out and counted', () => {
    const outcome = rss(
      `<item></item><item><title> </title><pubDate>2020-01-01</pubDate></item><item><link>javascript:x()</link></item>
       <item><enclosure url="/a.mp3"/></item><item><description>x</description></item>`,
    );
    expect(outcome).toMatchObject({ items: [{ summary: null }, { summary: 'x' }], empty: 3 });
  });
});

describe('a feed without items', () => {
  it.each(['<rss/>', '<rss></rss>', '<feed xmlns="http://www.w3.org/2005/Atom"/>', '<rss><channel/></rss>'])(
    'written %s is whole',
    (text) => {
      expect(parsed(parseText(text))).toMatchObject({ items: [], isComplete: true });
    },
  );
});
