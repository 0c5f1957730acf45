/**
 * Goal: each source, and all of them as one, can be read by any feed reader, and asking again costs next to nothing.
 * Method: items with everything that can break a document, stored in real databases and read over HTTP by our own parser, by feedsmith
 * and by a strict XML reader.
 */
import { describe, expect, it } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { Parser } from 'htmlparser2';
import { parseBody } from '../../../activities/parse/index.js';
import { nameUuid } from '../../../client/gateway/feeds/name-uuid.js';
import type { ParsedItem } from '../../../core/items.js';
import type { Store } from '../../../store/index.js';
import { cycleInput, namedItem } from '../../support/cycles.js';
import { readJsonFeed } from '../../support/json-feed.js';
import { withGateway, type Answer, type ServedGateway } from '../../support/served-gateway.js';
import { describeStores } from '../../support/stores.js';

let cycles = 0;

async function keep(store: Store, items: readonly ParsedItem[], source = 'news'): Promise<void> {
  cycles += 1;
  await store.sources.storeCycle(cycleInput(`cycle-${cycles}`, { cycle: { source }, items }));
}

/** Everything that can break a document. PostgreSQL keeps no NUL, so our parsers leave none in. */
const NASTY = '<b>"a" & \'b\'</b> ]]> &amp; \u0001\u000b\uFFFE \u{1F680} \r\n\tend';
const NASTY_IN_XML = ['\u0001', '\u000b', '\uFFFE'].reduce((text, no) => text.replaceAll(no, ''), NASTY);

const nastyItem = namedItem('nasty', {
  title: NASTY,
  summary: NASTY,
  content: NASTY,
  author: NASTY,
  link: 'https://example.org/?a=1&b="2"',
  published: '2026-01-02T03:04:05.000Z',
  categories: [NASTY, 'plain'],
  enclosures: [
    { url: 'https://example.org/a.mp3?x=1&y=2', type: 'audio/mpeg', bytes: 5 },
    { url: 'https://example.org/b', type: 'no type at all', bytes: null },
  ],
  image: 'https://example.org/a.png',
});

function parse({ text, headers }: Answer) {
  const outcome = parseBody({
    parse: { kind: 'feed' },
    dedup: 'auto',
    body: Buffer.from(text),
    contentType: String(headers['content-type']),
    url: 'https://reader.example/',
  });
  if (outcome.kind === 'failed') throw new Error(outcome.detail);
  return outcome;
}

/** Names of all elements in their order; fails where tags do not match. */
function strictXml(text: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentagname: (name) => names.push(name) && open.push(name),
      onclosetag: (name, implied) => {
        const isEmpty = text.slice(parser.startIndex, parser.endIndex + 1).endsWith('/>');
        if ((implied && !isEmpty) || open.pop() !== name) throw new Error(`${name} is not closed`);
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  expect(open).toEqual([]);
  return names;
}

async function bothFeeds(gateway: ServedGateway, name: string): Promise<{ atom: Answer; json: Answer }> {
  const atom = await gateway.get(`/feeds/${name}.atom`);
  const json = await gateway.get(`/feeds/${name}.json`);
  expect([atom.status, json.status]).toEqual([200, 200]);
  readJsonFeed(json.text);
  return { atom, json };
}

describeStores('/feeds', (withStore) => {
  it('serves valid documents, whatever the items hold', async () => {
    await withStore(async (store) => {
      await keep(store, [
        nastyItem,
        namedItem('plain'),
        namedItem('bare', { title: null, link: null, content: null }),
      ]);
      const config = {
        sources: [{ id: 'news', url: 'https://user:secret@example.org/feed.xml?key=secret' }],
      };
      await withGateway({ store, config }, async (gateway) => {
        const { atom, json } = await bothFeeds(gateway, 'news');
        expect(atom.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
        expect(json.headers['content-type']).toBe('application/feed+json; charset=utf-8');
        expect(atom.text + json.text).not.toContain('secret');
        expect(strictXml(atom.text).filter((name) => name === 'entry')).toHaveLength(3);
        const read = parseAtomFeed(atom.text);
        expect(read.links).toEqual([
          { rel: 'self', type: 'application/atom+xml', href: `${gateway.url}/feeds/news.atom` },
          { rel: 'alternate', type: 'text/html', href: 'https://example.org/' },
        ]);
        const entry = read.entries?.find(({ links }) => links?.[0]?.href === nastyItem.link);
        expect(entry?.content).toEqual({ value: NASTY_IN_XML.trim(), type: 'html' });
        expect(parseJsonFeed(json.text)).toMatchObject({
          title: 'news',
          home_page_url: 'https://example.org/',
          feed_url: `${gateway.url}/feeds/news.json`,
        });
        const exact = json.json() as { items: { title?: string; content_html?: string; url?: string }[] };
        const item = exact.items.find(({ url }) => url === nastyItem.link);
        expect(item).toMatchObject({
          title: NASTY,
          content_html: NASTY,
          summary: NASTY,
          tags: [NASTY, 'plain'],
        });
      });
    });
  });

  it('is read by our own parser as the items that were stored, in both formats', async () => {
    await withStore(async (store) => {
      const items = ['c', 'b', 'a'].map((name) =>
        namedItem(name, { published: '2026-01-02T03:04:05Z', author: 'Ada', categories: ['x'] }),
      );
      await keep(store, items);
      await withGateway({ store }, async (gateway) => {
        const { atom, json } = await bothFeeds(gateway, 'news');
        for (const read of [parse(atom), parse(json)]) {
          const seen = read.items.map(({ title, link, content, published, author, categories }) => {
            return { title, link, content, published, author, categories };
          });
          const kept = items.map(({ title, link, content, published, author, categories }) => {
            return { title, link, content, published, author, categories };
          });
          expect(seen).toEqual(kept);
        }
        const ids = (answer: Answer) => parse(answer).items.map(({ guid }) => guid);
        expect(ids(atom)).toEqual(ids(json));
        expect(new Set(ids(atom)).size).toBe(3);
      });
    });
  });

  it('keeps the id of an item when it changes and when the gateway starts again', async () => {
    await withStore(async (store) => {
      await keep(store, [namedItem('a')]);
      const seen: { id: unknown; etag: unknown; updated: unknown; text: string }[] = [];
      const look = async (gateway: ServedGateway): Promise<void> => {
        const { headers, text } = await gateway.get('/feeds/news.atom', { host: 'localhost' });
        const feed = parseAtomFeed(text);
        seen.push({ id: feed.entries?.[0]?.id, etag: headers.etag, updated: feed.updated, text });
      };
      await withGateway({ store }, look);
      await withGateway({ store }, look);
      await keep(store, [namedItem('a', { content: '<p>New</p>' })]);
      await withGateway({ store }, look);
      const [first, again, changed] = seen;
      expect(again).toEqual(first);
      expect(changed?.id).toBe(first?.id);
      expect(changed?.id).toMatch(
        /^urn:uuid:[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      );
      expect(changed?.etag).not.toBe(first?.etag);
      const [item] = await store.sources.listItems({ limit: 1 });
      expect([changed?.updated]).toEqual([item?.changedAt]);
    });
  });

  it('serves all sources as one, and says of each item where it is from', async () => {
    await withStore(async (store) => {
      await keep(store, [namedItem('a')], 'one');
      await keep(store, [namedItem('a')], 'two');
      await withGateway({ store }, async (gateway) => {
        const { atom, json } = await bothFeeds(gateway, 'all');
        const read = parseAtomFeed(atom.text);
        const of = async (name: string) => parseAtomFeed((await gateway.get(`/feeds/${name}.atom`)).text);
        const [one, two] = [await of('one'), await of('two')];
        expect(read.entries?.map(({ source }) => source?.id)).toEqual([two.id, one.id]);
        expect(read.entries?.map(({ id }) => id)).toEqual([two.entries?.[0]?.id, one.entries?.[0]?.id]);
        const sources = (json.json() as { items: { _holdfast: { source: string } }[] }).items;
        expect(sources.map(({ _holdfast: { source } }) => source)).toEqual(['two', 'one']);
      });
    });
  });

  it('answers 304 to whoever has the document already, and the document after a change', async () => {
    await withStore(async (store) => {
      await keep(store, [namedItem('a')]);
      // The clock of the gateway is past the second of the change, so that its date says enough.
      const nowMs = (): number => Date.now() + 2_000;
      await withGateway({ store, nowMs }, async (gateway) => {
        for (const path of ['/feeds/news.atom', '/feeds/news.json', '/feeds/all.json']) {
          const first = await gateway.get(path);
          const etag = String(first.headers.etag);
          const date = String(first.headers['last-modified']);
          expect(etag).toMatch(/^"[\w-]{32}"$/);
          expect(first.headers['cache-control']).toBe('no-cache');
          const statusWith = async (headers: Record<string, string>) =>
            (await gateway.get(path, headers)).status;
          expect(await statusWith({ 'if-none-match': etag })).toBe(304);
          expect(await statusWith({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
          expect(await statusWith({ 'if-modified-since': date })).toBe(304);
          expect(await statusWith({ 'if-none-match': '"other"', 'if-modified-since': date })).toBe(200);
          const earlier = new Date(Date.parse(date) - 2_000).toUTCString();
          expect(await statusWith({ 'if-modified-since': earlier })).toBe(200);
          const not = await gateway.get(path, { 'if-none-match': etag });
          expect([not.text, not.headers.etag, not.headers['last-modified']]).toEqual(['', etag, date]);
          const head = await gateway.head(path);
          expect([head.status, head.text, head.headers.etag, head.headers['content-length']]).toEqual([
            200,
            '',
            etag,
            String(Buffer.byteLength(first.text)),
          ]);
        }
        const before = await gateway.get('/feeds/news.json');
        await new Promise((resolve) => setTimeout(resolve, 1_100));
        await keep(store, [namedItem('b'), namedItem('a')]);
        const headers = {
          'if-none-match': String(before.headers.etag),
          'if-modified-since': String(before.headers['last-modified']),
        };
        expect((await gateway.get('/feeds/news.json', headers)).status).toBe(200);
        const dated = { 'if-modified-since': headers['if-modified-since'] };
        expect((await gateway.get('/feeds/news.json', dated)).status).toBe(200);
      });
    });
  });

  it('serves sources that are no longer configured, empty ones that are, and no others', async () => {
    await withStore(async (store) => {
      await keep(store, [namedItem('a')], 'gone.json');
      const config = { sources: [{ id: 'fresh', url: 'https://example.org/${env:KEY}' }] };
      await withGateway({ store, config }, async (gateway) => {
        expect(parse((await bothFeeds(gateway, 'gone.json')).json).items).toHaveLength(1);
        const fresh = await bothFeeds(gateway, 'fresh');
        expect(fresh.json.json()).toMatchObject({ title: 'fresh', items: [] });
        expect(fresh.json.text).not.toContain('home_page_url');
        expect(parseAtomFeed(fresh.atom.text).updated).toBe('1970-01-01T00:00:00.000Z');
        const statuses = ['nobody.json', 'nobody.atom', '%2e%2e.json', 'news.rss', '.json'].map(
          async (name) => (await gateway.get(`/feeds/${name}`)).status,
        );
        expect(await Promise.all(statuses)).toEqual([404, 404, 400, 404, 400]);
      });
    });
  });
});

describe('ids made of names', () => {
  it('are those of the standard', () => {
    expect(nameUuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });
});
