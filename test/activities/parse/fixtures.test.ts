/** Goal: every feed of the shared fixtures, each with a quirk of the wild, gives what its report says it should. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseBody } from '../../../activities/parse/index.js';
import { dateOfItem, type ParsedItem } from '../../../core/items.js';
import { expectKind, fetchFrom } from '../fetch/support.js';

interface ExpectedEntry {
  readonly id: string | null;
  readonly link: string | null;
  readonly title: string | null;
  readonly date: string | null;
  readonly link_or?: readonly (string | null)[];
  readonly title_or?: readonly (string | null)[];
  readonly date_or?: readonly (string | null)[];
}

interface ExpectedFeed {
  readonly quirk: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly entries: readonly ExpectedEntry[];
  readonly outcome?: string;
}

const folder = new URL('../../fixtures/shared/feeds/', import.meta.url);
const bytesOf = (name: string): Buffer => readFileSync(fileURLToPath(new URL(name, folder)));
const { files } = JSON.parse(bytesOf('expected.json').toString()) as {
  readonly files: Readonly<Record<string, ExpectedFeed>>;
};

// Served with their status and headers, so that the whole way from the wire to the items is taken.
const server = createServer((request, response) => {
  const name = (request.url ?? '').split('/').at(-1) ?? '';
  const { status = 500, headers = {} } = files[name] ?? {};
  response.writeHead(status, headers).end(bytesOf(name));
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function itemsOf(name: string, { url }: ExpectedFeed): Promise<readonly ParsedItem[]> {
  const fetched = expectKind(await fetchFrom(`${origin}/feeds/${name}`), 'ok');
  const parsed = parseBody({
    parse: { kind: 'feed' },
    dedup: 'auto',
    body: fetched.body,
    contentType: fetched.contentType,
    url,
  });
  if (parsed.kind === 'failed') throw new Error(`${parsed.cause}: ${parsed.detail}`);
  expect(parsed.isComplete).toBe(true);
  return parsed.items;
}

function isOneOf(
  value: string | null,
  expected: string | null,
  others: readonly (string | null)[] = [],
): boolean {
  return [expected, ...others].includes(value);
}

function faultsOf(item: ParsedItem | undefined, entry: ExpectedEntry): string[] {
  if (item === undefined) return ['missing'];
  const date = dateOfItem(item);
  const iso = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());
  const dates = (entry.date_or ?? []).map(iso);
  return [
    ...(entry.id === null || item.id === entry.id ? [] : [`id ${item.id}`]),
    ...(isOneOf(item.link, entry.link, entry.link_or) ? [] : [`link ${item.link}`]),
    ...(isOneOf(item.title, entry.title, entry.title_or) ? [] : [`title ${item.title}`]),
    ...(isOneOf(iso(date), iso(entry.date), dates) ? [] : [`date ${date}`]),
  ];
}

const withItems = Object.entries(files).filter(([, { status }]) => status === 200);

describe('the feed with', () => {
  it.each(withItems.map(([name, feed]) => [feed.quirk, name, feed] as const))(
    '%s',
    async (_quirk, name, feed) => {
      const items = await itemsOf(name, feed);
      expect(items.length).toBe(feed.entries.length);
      expect(feed.entries.flatMap((entry, index) => faultsOf(items[index], entry))).toEqual([]);
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    },
  );

  it.each(['not-modified.xml', 'not-modified-future-etag.xml'])(
    'the answer %s is unchanged',
    async (name) => {
      expect((await fetchFrom(`${origin}/feeds/${name}`)).kind).toBe('not_modified');
    },
  );

  it('a page and status 404 in its place is not_found, whatever the page says', async () => {
    const outcome = await fetchFrom(`${origin}/feeds/html-instead-of-feed.xml`);
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'not_found', retryable: false });
  });

  it('a quirk is tried for each file', () => {
    expect(withItems.length + 3).toBe(Object.keys(files).length);
  });
});
