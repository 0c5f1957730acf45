/** Goal: what is no feed is named as what it is, and documents made to exhaust us end quickly. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FEED_URL, parsed, parseText } from './support.js';

/** A shared and busy machine is slow; a document that exhausts a reader takes minutes or all memory. */
const SOON_MS = 10_000;

describe('in place of a feed', () => {
  it('an HTML page is named with its title, and with the feed it knows of', () => {
    const page =
      '<!DOCTYPE html><html><head><title>News</title><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>';
    const outcome = parseText(page);
    expect(outcome).toMatchObject({
      kind: 'failed',
      cause: 'parse_error',
      detail: 'an HTML page in place of a feed: "News"; it names the feed https://feeds.example.org/rss',
    });
  });

  it('the page of a protection against bots is blocked', () => {
    const page = '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>';
    expect(parseText(page)).toMatchObject({ kind: 'failed', cause: 'blocked' });
  });

  it.each([
    ['', 'empty'],
    ['  \n ', 'empty'],
    ['Database error', 'neither XML nor JSON: "Database error"'],
    ['<html><body>x</body></html>', 'an HTML page'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>', 'an HTML page'],
    ['<urlset><url/></urlset>', 'its root is urlset'],
    ['<opml version="2.0"><body/></opml>', 'its root is opml'],
    ['<p>We are down for maintenance</p>', 'its root is p'],
    ['\u0000\u0001\u0002', 'neither XML nor JSON'],
    ['<rss><channel><item><title>cut', 'ends before its first item'],
  ])('%j is a parse error', (text, detail) => {
    expect(parseText(text)).toMatchObject({
      kind: 'failed',
      cause: 'parse_error',
      detail: expect.stringContaining(detail) as unknown,
    });
  });

  it('any bytes at all give an outcome', () => {
    const beginnings = fc.constantFrom(
      '',
      '<rss>',
      '<feed>',
      '<?xml version="1.0"?><rss><channel><item>',
      '{"items":[',
    );
    fc.assert(
      fc.property(beginnings, fc.uint8Array({ maxLength: 500 }), (beginning, bytes) => {
        const outcome = parseText(Buffer.concat([Buffer.from(beginning), bytes]));
        return outcome.kind === 'parsed' || outcome.detail !== '';
      }),
    );
  });
});

describe('a feed that was cut', () => {
  const whole = `<rss><channel>${Array.from({ length: 20 }, (_, n) => `<item><title>t${n}</title><guid>${n}</guid></item>`).join('')}</channel></rss>`;

  it('gives its whole items, with the same ids, and says that it is not complete', () => {
    const all = parsed(parseText(whole)).items.map(({ id }) => id);
    fc.assert(
      fc.property(fc.integer({ min: 80, max: whole.length - 1 }), (length) => {
        const cut = parsed(parseText(whole.slice(0, length)));
        expect(cut.items.map(({ id }) => id)).toEqual(all.slice(0, cut.items.length));
        expect(cut.isComplete).toBe(false);
      }),
    );
  });
});

describe('a document made to exhaust its reader', () => {
  const entities = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  const cases: readonly (readonly [string, string])[] = [
    [
      'entities that grow',
      `<!DOCTYPE rss [<!ENTITY l0 "lol">${entities}]><rss><channel><item><title>&l10;</title></item></channel></rss>`,
    ],
    ['a million nested elements', `<rss>${'<a>'.repeat(1_000_000)}`],
    ['a million wrong ends', `<rss><channel>${'<a></b>'.repeat(500_000)}`],
    ['a tag that never ends', `<rss><channel><item><title>${'<a '.repeat(2_000_000)}`],
    [
      'open scripts in a description',
      `<rss><channel><item><description>${'&lt;script&gt;'.repeat(300_000)}</description></item></channel></rss>`,
    ],
    [
      'open brackets in a title',
      `<rss><channel><item><title>${'&lt;b '.repeat(1_000_000)}</title></item></channel></rss>`,
    ],
    [
      'a title of blanks',
      `<rss><channel><item><title>a${' '.repeat(5_000_000)}b</title></item></channel></rss>`,
    ],
    ['items that never end', `<rss><channel>${'<item>'.repeat(490_000)}`],
    [
      'items that never end before others',
      `<rss><channel>${'<item>'.repeat(2_000)}${'<a></b>'.repeat(490_000)}`,
    ],
    [
      'summaries of escaped tags',
      `<rss><channel>${`<item><description>${'&amp;lt;p&amp;gt;'.repeat(600)}</description></item>`.repeat(500)}`,
    ],
    ['many namespaces', `<rss>${'<a xmlns:x="y"/>'.repeat(300_000)}</rss>`],
    ['deep JSON', `{"items":${'['.repeat(5_000_000)}`],
    ['a long comment before a page', `<!--${'-'.repeat(5_000_000)}`],
    [
      'a long date',
      `<rss><channel><item><pubDate>${'1:'.repeat(1_000_000)}</pubDate><title>x</title></item></channel></rss>`,
    ],
  ];

  it.each(cases)('by %s ends soon', (_name, text) => {
    const startedAtMs = performance.now();
    const outcome = parseText(text);
    expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS);
    expect(JSON.stringify(outcome).length).toBeLessThan(1_000_000);
  });

  it('by a page of a million elements ends soon, also with selectors', () => {
    const parse = { kind: 'html', item: 'div > p', title: 'b' } as const;
    for (const page of ['<div>'.repeat(1_000_000), '<b><p>'.repeat(300_000), '</x>'.repeat(1_000_000)]) {
      const startedAtMs = performance.now();
      parseText(page, { parse, url: FEED_URL });
      expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS);
    }
  });

  it('by its number of items gives the first 2,000 and says how many are left out', () => {
    const items = Array.from({ length: 2_500 }, (_, n) => `<item><guid>${n}</guid></item>`).join('');
    const outcome = parsed(parseText(`<rss><channel>${items}</channel></rss>`));
    expect([outcome.items.length, outcome.items[0]?.id, outcome.dropped]).toEqual([2_000, '0', 500]);
  });
});
