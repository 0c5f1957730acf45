/** Goal: feeds as they are met, beyond the shared fixtures: what a person sees in them is what comes out. */
import { describe, expect, it } from '@jest/globals';
import { atomEntry, FEED_URL, parsed, parseText, rssItems } from './support.js';

const DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"';
const MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"';
const CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"';

describe('RSS', () => {
  it('has its full text in content:encoded and a summary beside it', () => {
    const [item] = rssItems(
      '<item><title>a</title><description>Short &lt;b&gt;text&lt;/b&gt;</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded></item>',
      CONTENT,
    );
    expect(item).toMatchObject({ summary: 'Short text', content: '<p>Long</p>' });
  });

  it('makes a summary of the description without scripts and tags', () => {
    const [item] = rssItems(
      '<item><title>a</title><description><![CDATA[<style>p{}</style><p>One</p><p>Two &amp; three<script>x()</script></p>]]></description></item>',
    );
    expect(item?.summary).toBe('One Two & three');
  });

  it('may hold HTML in its description without any escape', () => {
    const [item] = rssItems(
      '<item><title>a</title><description>See <b>this</b> & that<br/></description></item>',
    );
    expect(item).toMatchObject({ summary: 'See this & that', content: 'See <b>this</b> &amp; that<br>' });
  });

  it('may nest its HTML wrongly and still ends its items', () => {
    const items = rssItems(
      '<item><title>a</title><description><p>one<br>two</description></item><item><title>b</title></item>',
    );
    expect(items.map(({ title }) => title)).toEqual(['a', 'b']);
  });

  it('keeps words in angle brackets that are no tags of HTML in a title', () => {
    const [item] = rssItems('<item><title>List&lt;String&gt; and 1 &lt; 2</title></item>');
    expect(item?.title).toBe('List<String> and 1 < 2');
  });

  it('writes names of elements in any case', () => {
    const [item] = rssItems(
      '<Item><Title>a</Title><LINK>/x</LINK><PubDate>2009-03-03</PubDate><GUID>1</GUID></Item>',
    );
    expect(item).toMatchObject({ id: '1', title: 'a', published: '2009-03-03T00:00:00Z' });
  });

  it('uses any prefix for a namespace', () => {
    const [item] = rssItems(
      '<item><x:title>a</x:title><x:creator>Ann</x:creator><x:date>2009-03-03</x:date></item>',
      'xmlns:x="http://purl.org/dc/elements/1.1/"',
    );
    expect(item).toMatchObject({ title: 'a', author: 'Ann', published: '2009-03-03T00:00:00Z' });
  });

  it('forgets to declare its prefixes', () => {
    const [item] = rssItems('<item><title>a</title><dc:creator>Ann</dc:creator></item>');
    expect(item?.author).toBe('Ann');
  });

  it('has links relative to the site, not to where the feed is served', () => {
    const [item] = rssItems('<link>https://example.org/blog/</link><item><link>post.html</link></item>');
    expect(item?.link).toBe('https://example.org/blog/post.html');
  });

  it('has links relative to its xml:base before anything else', () => {
    const [item] = rssItems(
      '<link>https://example.org/blog/</link><item xml:base="https://base.example/a/"><link>post.html</link></item>',
    );
    expect(item?.link).toBe('https://base.example/a/post.html');
  });

  it('has links relative to the feed when nothing else is known', () => {
    const [item] = rssItems('<item><link>../post.html</link></item>');
    expect(item?.link).toBe(new URL('../post.html', FEED_URL).href);
  });

  it('has links in CDATA, with blanks around, in an attribute, or in the way of Atom', () => {
    const items = rssItems(
      `<item><link>\n <![CDATA[ https://example.org/1 ]]> \n</link></item>
       <item><link href="https://example.org/2"/></item>
       <item><link/><a:link rel="self" href="https://example.org/s"/><a:link href="https://example.org/3"/></item>`,
      'xmlns:a="http://www.w3.org/2005/Atom"',
    );
    expect(items.map(({ link }) => link)).toEqual([1, 2, 3].map((n) => `https://example.org/${n}`));
  });

  it('names the original address where its own goes through a counter', () => {
    const [item] = rssItems(
      '<item><link>http://feedproxy.example/~r/1</link><f:origLink>https://example.org/1</f:origLink></item>',
      'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"',
    );
    expect(item?.link).toBe('https://example.org/1');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x'])(
    'has no link to %s',
    (link) => {
      expect(rssItems(`<item><title>a</title><link>${link}</link></item>`)[0]?.link).toBeNull();
    },
  );

  it('lists its files and pictures once, of whatever vocabulary', () => {
    const [item] = rssItems(
      `<item><title>a</title><enclosure url="/a.mp3" type="audio/mpeg" length="12"/><media:group>
       <media:content url="/a.mp3" type="audio/mpeg" fileSize="12"/><media:content url="/b.mp4" type="video/mp4" fileSize="many"/>
       <media:thumbnail url="/t.jpg"/><media:description>About it</media:description></media:group></item>`,
      MEDIA,
    );
    expect(item?.enclosures).toEqual([
      { url: 'https://feeds.example.org/a.mp3', type: 'audio/mpeg', bytes: 12 },
      { url: 'https://feeds.example.org/b.mp4', type: 'video/mp4', bytes: null },
    ]);
    expect(item).toMatchObject({ image: 'https://feeds.example.org/t.jpg', summary: 'About it' });
  });

  it('takes the next date when the first cannot be read', () => {
    const [item] = rssItems(
      '<item><title>a</title><pubDate>soon</pubDate><dc:date>2009-03-03</dc:date></item>',
      DC,
    );
    expect(item?.published).toBe('2009-03-03T00:00:00Z');
  });

  it('says how long it stays the same', () => {
    const withTtl = (inChannel: string) =>
      parsed(parseText(`<rss><channel>${inChannel}<item><title>a</title></item></channel></rss>`)).ttlMs;
    expect(withTtl('<ttl>30</ttl>')).toBe(1_800_000);
    expect(
      withTtl('<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>'),
    ).toBe(21_600_000);
    expect(withTtl('<ttl>soon</ttl>')).toBeNull();
  });

  it('of version 0.90 and 0.91 is read', () => {
    const old =
      '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>c</title></channel><item><title>a</title><link>http://example.org/1</link></item></rdf:RDF>';
    expect(parsed(parseText(old))).toMatchObject({
      format: 'rdf',
      items: [{ title: 'a', link: 'http://example.org/1' }],
    });
    const withDoctype =
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item><title>Caf&eacute;</title></item></channel></rss>';
    expect(parsed(parseText(withDoctype)).items[0]?.title).toBe('Café');
  });

  it('comes after the warnings of a program', () => {
    const text =
      '<br />\n<b>Warning</b>: mysql_connect() in <b>x.php</b><br />\n<?xml version="1.0"?><rss><channel><item><title>a</title></item></channel></rss>';
    expect(parsed(parseText(text)).items.length).toBe(1);
  });
});

describe('Atom', () => {
  it('holds its title as text, HTML or XHTML', () => {
    expect(atomEntry('<title>AT&amp;T &lt;b&gt;</title>')?.title).toBe('AT&T <b>');
    expect(atomEntry('<title type="html">AT&amp;amp;T &lt;b&gt;x&lt;/b&gt;</title>')?.title).toBe('AT&T x');
    expect(
      atomEntry('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title>')
        ?.title,
    ).toBe('A b');
  });

  it('holds XHTML that comes out as HTML without its wrapper and prefixes', () => {
    const entry = atomEntry(
      '<title>a</title><content type="xhtml"><h:div><h:p class="x">1 &lt; 2<h:br/></h:p></h:div></content>',
      'xmlns:h="http://www.w3.org/1999/xhtml"',
    );
    expect(entry).toMatchObject({ content: '<p class="x">1 &lt; 2<br></p>', summary: '1 < 2' });
  });

  it('may use a prefix, or no namespace at all', () => {
    const prefixed =
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>x</a:title><a:id>1</a:id></a:entry></a:feed>';
    expect(parsed(parseText(prefixed)).items[0]).toMatchObject({ id: '1', title: 'x' });
    const bare = '<feed><entry><title>x</title><id>1</id><link href="/1"/></entry></feed>';
    expect(parsed(parseText(bare)).items[0]).toMatchObject({ id: '1', link: 'https://feeds.example.org/1' });
  });

  it('of version 0.3 is read', () => {
    const text =
      '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>x</title><id>1</id><issued>2004-03-03T10:00:00Z</issued><modified>2004-03-04T10:00:00Z</modified></entry></feed>';
    expect(parsed(parseText(text)).items[0]).toMatchObject({
      published: '2004-03-03T10:00:00Z',
      updated: '2004-03-04T10:00:00Z',
    });
  });

  it('prefers the page among several alternate links, and takes no other kind of link', () => {
    const link = atomEntry(
      '<title>a</title><link rel="alternate" type="application/json" href="/a.json"/><link rel="alternate" hreflang="en" href="/a.html"/>',
    )?.link;
    expect(link).toBe('https://feeds.example.org/a.html');
    expect(atomEntry('<title>a</title><link rel="self" href="/a.xml"/>')?.link).toBeNull();
  });

  it('gives the author of the feed to entries without one', () => {
    const author = '<author><name>Ann</name></author>';
    expect(atomEntry('<title>a</title>', '', author)?.author).toBe('Ann');
    expect(atomEntry('<title>a</title><author><name>Bob</name></author>', '', author)?.author).toBe('Bob');
  });

  it('has no content where it only points at a file', () => {
    const entry = atomEntry(
      '<title>a</title><content type="image/png" src="/a.png"/><summary>About</summary>',
    );
    expect(entry).toMatchObject({ content: 'About', summary: 'About' });
  });

  it('describes a video in its media group', () => {
    const entry = atomEntry(
      '<title>a</title><media:group><media:thumbnail url="https://i.example/1.jpg"/><media:description>About it</media:description></media:group>',
      MEDIA,
    );
    expect(entry).toMatchObject({ image: 'https://i.example/1.jpg', summary: 'About it' });
  });
});

describe('JSON Feed', () => {
  const feed = (items: unknown, more: object = {}) =>
    parseText(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'j', items, ...more }));

  it('is read with a byte order mark, and with fields of the wrong type', () => {
    const item = {
      id: 7,
      url: '/7',
      title: 42,
      tags: ['a', 1, null],
      authors: 'Ann',
      date_published: 'nonsense',
    };
    const text = `\ufeff${JSON.stringify({ items: [item, 'no item', null] })}`;
    expect(parsed(parseText(text)).items).toMatchObject([
      { id: '7', title: '42', categories: ['a', '1'], published: null, link: 'https://feeds.example.org/7' },
    ]);
  });

  it('names its authors in either version', () => {
    const outcome = parsed(
      feed([
        { id: 1, author: { name: 'Ann' } },
        { id: 2, authors: [{ name: 'Bob' }, { name: 'Eve' }] },
      ]),
    );
    expect(outcome.items.map(({ author }) => author)).toEqual(['Ann', 'Bob, Eve']);
  });

  it.each(['{"a":1}', '[]', '{"items":{}}', '{"items":[}'])('%s is none', (text) => {
    expect(parseText(text)).toMatchObject({ kind: 'failed', cause: 'parse_error' });
  });
});
