/** Goal: items of pages, JSON documents and anything else, as the configuration picks them. */
import { describe, expect, it } from '@jest/globals';
import { sourceSchema, type SourceInput } from '../../../core/config/source.js';
import { parsed, parseText } from './support.js';

function parseWith(text: string, parse: SourceInput['parse'], url = 'https://example.org/list/') {
  const source = sourceSchema.parse({ id: 'page', url, parse });
  return parseText(text, { parse: source.parse, dedup: source.dedup, url });
}

describe('a page', () => {
  const page = `<!doctype html><html><head><title>List &amp; more</title></head><body>
    <article><h2><a href="one.html">First <b>one</b></a></h2><time datetime="2026-03-03T10:00:00+01:00">3 March</time><p class="s">Says a</p></article>
    <article><h2><a href="/two.html">Second</a></h2><time>3 March 2026</time><p class="s">Says b</p><img src="b.png"></article>
    <aside><h2>No item</h2></aside></body></html>`;

  it('is read by its selectors', () => {
    const outcome = parsed(
      parseWith(page, { kind: 'html', item: 'article', title: 'h2', date: 'time', summary: '.s' }),
    );
    expect(outcome.title).toBe('List & more');
    expect(outcome.items).toMatchObject([
      {
        id: 'https://example.org/list/one.html',
        title: 'First one',
        published: '2026-03-03T09:00:00Z',
        summary: 'Says a',
      },
      {
        link: 'https://example.org/two.html',
        published: '2026-03-03T00:00:00Z',
        image: 'https://example.org/list/b.png',
      },
    ]);
  });

  it('needs no selector but that of the item', () => {
    const { items } = parsed(
      parseWith('<ul><li><a href="/1">One</a> thing</li></ul>', { kind: 'html', item: 'li' }),
    );
    expect(items).toMatchObject([{ title: 'One thing', link: 'https://example.org/1', summary: null }]);
  });

  it('may have links as its items', () => {
    const { items } = parsed(
      parseWith('<a href="/1">One</a><a href="/2">Two</a>', { kind: 'html', item: 'a' }),
    );
    expect(items.map(({ link }) => link)).toEqual(['https://example.org/1', 'https://example.org/2']);
  });

  it('says itself what its links are relative to', () => {
    const text = '<base href="https://cdn.example/x/"><p><a href="1">One</a></p>';
    expect(parsed(parseWith(text, { kind: 'html', item: 'p' })).items[0]?.link).toBe(
      'https://cdn.example/x/1',
    );
  });

  it('has rows where a browser has them', () => {
    const text = '<table><tr><td>a<tr><td>b</table>';
    expect(parsed(parseWith(text, { kind: 'html', item: 'table > tbody > tr > td' })).items.length).toBe(2);
  });

  it('without any item has none', () => {
    expect(parsed(parseWith(page, { kind: 'html', item: '.nothing' })).items).toEqual([]);
  });

  it('is revised when the text of an item changes, and not by its markup', () => {
    const print = (text: string) =>
      parsed(parseWith(text, { kind: 'html', item: 'li', title: 'b' })).items[0]?.fingerprint;
    expect(print('<li><b>a</b> 5 €</li>')).not.toBe(print('<li><b>a</b> 6 €</li>'));
    expect(print('<li><b>a</b> 5 €</li>')).toBe(print('<li class="new"><b>a</b>  5 €</li>'));
  });

  it.each([
    [{ kind: 'html', item: 'a[' }, 'item: "a["'],
    [{ kind: 'html', item: 'li', title: '::' }, 'title: "::"'],
  ] as const)('with the selectors %j says what is wrong', (parse, detail) => {
    expect(parseWith('<li>a</li>', parse)).toMatchObject({
      kind: 'failed',
      cause: 'parse_error',
      detail: expect.stringContaining(detail) as unknown,
    });
  });
});

describe('a JSON document', () => {
  const text = JSON.stringify({
    data: {
      posts: [{ key: 9, name: 'Nine', path: '/9', at: 1_772_532_000, text: '<p>x</p>' }, { name: 'Ten' }],
    },
  });
  const parse = {
    kind: 'json',
    items: 'data.posts',
    id: 'key',
    title: 'name',
    link: 'path',
    date: 'at',
    summary: 'text',
  } as const;

  it('is read by its expressions', () => {
    expect(parsed(parseWith(text, parse)).items).toMatchObject([
      {
        id: '9',
        title: 'Nine',
        link: 'https://example.org/9',
        published: '2026-03-03T10:00:00Z',
        summary: 'x',
      },
      { guid: null, title: 'Ten', link: null },
    ]);
  });

  it('may be a list of plain texts', () => {
    const { items } = parsed(parseWith('["a","b"]', { kind: 'json', items: '@' }));
    expect(items.map(({ title }) => title)).toEqual(['a', 'b']);
  });

  it('is revised when any field of an item changes', () => {
    const print = (price: number) =>
      parsed(parseWith(JSON.stringify([{ url: '/1', price }]), { kind: 'json', items: '@' })).items[0]
        ?.fingerprint;
    expect(print(1)).not.toBe(print(2));
  });

  it.each([
    [text, { ...parse, items: 'data.none' }, 'gives nothing'],
    [text, { ...parse, items: 'data' }, 'gives no list'],
    [text, { ...parse, items: 'data.[' }, 'cannot be applied'],
    ['<html>', parse, 'not valid JSON'],
  ] as const)('%s with %j is a parse error', (document, expressions, detail) => {
    expect(parseWith(document, expressions)).toMatchObject({
      kind: 'failed',
      cause: 'parse_error',
      detail: expect.stringContaining(detail) as unknown,
    });
  });
});

describe('a raw document', () => {
  it('is one item, another one as soon as a byte changes, whatever dedup says', () => {
    const idOf = (text: string, dedup: 'auto' | 'url' = 'auto') =>
      parsed(parseText(text, { parse: { kind: 'raw' }, dedup })).items.map(({ id }) => id);
    expect(idOf('a').length).toBe(1);
    expect(idOf('a')).toEqual(idOf('a'));
    expect(idOf('a')).not.toEqual(idOf('b'));
    expect(idOf('a', 'url')).not.toEqual(idOf('b', 'url'));
  });
});
