/** Goal: what programs get wrong when they write a feed, and what still has to come out of it. */
import { describe, expect, it } from '@jest/globals';
import { atomEntry, parsed, parseText, rssItems } from './support.js';

const atom03 = (inEntry: string) =>
  parsed(parseText(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>${inEntry}</entry></feed>`))
    .items[0];

describe('RSS', () => {
  it('is RSS although its default namespace is that of Atom', () => {
    const text = `<rss version="2.0" xmlns="http://www.w3.org/2005/Atom"><channel><title>c</title>
      <item><title>a</title><link>https://example.org/1</link></item></channel></rss>`;
    expect(parsed(parseText(text)).items).toMatchObject([{ title: 'a', link: 'https://example.org/1' }]);
  });

  it('has a prefix itself, and familiar prefixes for other namespaces', () => {
    const prefixed =
      '<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:item><r:title>a</r:title></r:item></r:channel></r:rss>';
    expect(parsed(parseText(prefixed)).items[0]?.title).toBe('a');
    const [item] = rssItems(
      '<item><content:creator>Ann</content:creator><x:encoded>Long</x:encoded></item>',
      'xmlns:content="http://purl.org/dc/elements/1.1/" xmlns:x="http://purl.org/rss/1.0/modules/content/"',
    );
    expect(item).toMatchObject({ author: 'Ann', content: 'Long' });
  });

  it('closes its elements in other letters than it opens them', () => {
    const items = rssItems('<item><Title>a</TITLE><Link>/1</link></ITEM><item><title>b</title></item>');
    expect(items.map(({ title }) => title)).toEqual(['a', 'b']);
  });

  it('puts its text into CDATA in pieces, twice, or escaped', () => {
    const items = rssItems(
      `<item><title><![CDATA[A]]> &amp; <![CDATA[B]]></title></item>
       <item><title><![CDATA[<![CDATA[C]]>]]&gt;</title></item><item><title>&lt;![CDATA[D]]&gt;</title></item>`,
    );
    expect(items.map(({ title }) => title)).toEqual(['A & B', 'C', 'D']);
  });

  it('writes a character as the numbers of its two halves', () => {
    const [item] = rssItems(
      '<item><title>&#55357;&#56832; &#xD83D;&#xDE00; &#x1F600; &#8217;</title></item>',
    );
    expect(item?.title).toBe('😀 😀 😀 ’');
  });

  it('escapes all of its HTML once too often, which no summary shows', () => {
    const [item, other] = rssItems(
      `<item><description>&amp;lt;p&amp;gt;Hello &amp;lt;b&amp;gt;you&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;</description></item>
       <item><description>&lt;p&gt;Write &amp;lt;b&amp;gt; for bold&lt;/p&gt;</description></item>`,
    );
    expect([item?.summary, other?.summary]).toEqual(['Hello you', 'Write <b> for bold']);
  });

  it('gives addresses as people say them, and within the site', () => {
    const items = rssItems(
      `<link>https://example.org/blog/</link><item><link>www.example.org/1</link></item>
       <item><guid isPermaLink="true">/p/2</guid></item><item><guid>/p/3</guid><title>a</title></item>`,
    );
    expect(items.map(({ link }) => link)).toEqual([
      'http://www.example.org/1',
      'https://example.org/p/2',
      null,
    ]);
  });

  it('comes after a comment that speaks of another feed', () => {
    const text =
      '<!-- this <rss > is old --><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>';
    expect(parsed(parseText(text))).toMatchObject({ format: 'atom', items: [{ id: '1' }] });
  });

  it('is not garbled by a wrong declaration after a byte order mark, nor by two marks', () => {
    const feed = '<rss><channel><item><title>Größe</title></item></channel></rss>';
    for (const begin of [
      '\ufeff<?xml version="1.0" encoding="utf-16"?>',
      '\ufeff\ufeff<?xml version="1.0"?>',
    ]) {
      expect(parsed(parseText(begin + feed)).items[0]?.title).toBe('Größe');
    }
  });

  it('takes no number for a date, a length or a time to live that is too large for one', () => {
    const many = '9'.repeat(30);
    const text = `<rss><channel><ttl>${many}</ttl><item><guid>${many}</guid><pubDate>${many}</pubDate><enclosure url="/a" length="${many}"/></item></channel></rss>`;
    expect(parsed(parseText(text)).items).toMatchObject([
      { guid: many, published: null, enclosures: [{ bytes: null }] },
    ]);
  });
});

describe('Atom', () => {
  it('of version 0.3 may hold text in Base64', () => {
    expect(
      atom03(
        '<title mode="base64">WA==</title><content type="text/html" mode="base64">PHA+SGk8L3A+</content>',
      ),
    ).toMatchObject({ title: 'X', content: '<p>Hi</p>', summary: 'Hi' });
  });

  it('names its page in full, in the way of RSS, or only in its id', () => {
    const full =
      '<link rel="http://www.iana.org/assignments/relation/alternate" href="https://example.org/1"/>';
    for (const entry of [full, '<link>https://example.org/1</link>', '<id>https://example.org/1</id>']) {
      expect(atomEntry(`<title>a</title>${entry}`)?.link).toBe('https://example.org/1');
    }
    expect(atomEntry('<id>tag:example.org,2020:1</id>')?.link).toBeNull();
  });

  it('adds up the bases of its links', () => {
    const item = atomEntry(
      '<title>a</title><link xml:base="blog/" href="1.html"/>',
      'xml:base="https://base.example/a/"',
    );
    expect(item?.link).toBe('https://base.example/a/blog/1.html');
  });
});

describe('JSON Feed', () => {
  it('is read after two byte order marks', () => {
    expect(parsed(parseText('\ufeff\ufeff{"items":[{"id":"1","content_text":"x"}]}')).items.length).toBe(1);
  });

  it('may hold items without an id, with one of its own kind, or with nothing', () => {
    const items = [{ id: 1.5, title: 'a' }, { id: { a: 1 }, content_text: 'b' }, { id: '', url: '/c' }, {}];
    expect(parsed(parseText(JSON.stringify({ items })))).toMatchObject({
      items: [{ id: '1.5' }, { content: 'b' }, { link: 'https://feeds.example.org/c' }],
      empty: 1,
    });
  });
});
