import { expect } from '@jest/globals';

/** RFC 3339: a date with its time and zone. */
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** An item as the standard has it; what else is in it is not looked at. */
export interface JsonFeedItem {
  readonly id: string;
  readonly url?: string;
  readonly title?: string;
  readonly content_text?: string;
  readonly content_html?: string;
}

/** Reads a document and fails where it is no JSON Feed 1.1 (https://jsonfeed.org/version/1.1). */
export function readJsonFeed(text: string): { readonly title: string; readonly items: JsonFeedItem[] } {
  const feed = JSON.parse(text) as Record<string, unknown> & { title: string; items: JsonFeedItem[] };
  expect(feed).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    title: expect.any(String),
    items: expect.any(Array),
  });
  for (const name of ['home_page_url', 'feed_url', 'icon']) expectUrl(feed[name]);
  for (const item of feed.items) expectItem(item);
  const ids = feed.items.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  return feed;
}

function expectItem(item: JsonFeedItem): void {
  const { id, content_text: text, content_html: html } = item;
  expect(id).toEqual(expect.stringMatching(/./));
  expect([id, typeof (text ?? html)]).toEqual([id, 'string']);
  const fields = item as unknown as Readonly<Record<string, unknown>>;
  for (const name of ['url', 'external_url', 'image', 'banner_image']) expectUrl(fields[name]);
  for (const name of ['title', 'summary', 'content_text', 'content_html', 'language']) {
    expect([undefined, 'string']).toContain(fields[name] === undefined ? undefined : typeof fields[name]);
  }
  for (const name of ['date_published', 'date_modified']) expectInstant(fields[name]);
  for (const author of (fields['authors'] ?? []) as Readonly<Record<string, unknown>>[]) {
    expect([author['name'], author['url'], author['avatar']]).toContainEqual(expect.any(String));
  }
  for (const tag of (fields['tags'] ?? []) as unknown[]) expect(tag).toEqual(expect.any(String));
  for (const file of (fields['attachments'] ?? []) as unknown[]) {
    expect(file).toMatchObject({ url: expect.any(String), mime_type: expect.any(String) });
  }
}

function expectUrl(value: unknown): void {
  if (value === undefined) return;
  expect(value).toEqual(expect.any(String));
  expect([value, URL.canParse(value as string)]).toEqual([value, true]);
}

function expectInstant(value: unknown): void {
  if (value === undefined) return;
  expect(value).toEqual(expect.stringMatching(INSTANT));
  expect(Date.parse(value as string)).not.toBeNaN();
}
