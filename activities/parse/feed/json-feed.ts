import { parseDate } from '../dates/parse-date.js';
import type { FoundItem } from '../item.js';
import { ParseFailure } from '../parse-failure.js';
import { htmlText } from '../text.js';
import type { FoundFeed } from './found-feed.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads JSON Feed 1 and 1.1; a field of a wrong type is taken where its meaning is clear.
 * @throws {ParseFailure} when the document is no JSON Feed.
 */
export function readJsonFeed(text: string, baseUrl: string): FoundFeed {
  const document = asObject(parseJson(text));
  const items = document?.['items'];
  if (document === null || !Array.isArray(items)) throw new ParseFailure('JSON, but no JSON Feed');
  const site = asText(document['home_page_url']);
  const author = authorOf(document);
  return {
    format: 'json-feed',
    title: asText(document['title']),
    link: site,
    ttlMs: null,
    items: items.flatMap((item: unknown) => {
      const object = asObject(item);
      return object === null ? [] : [readItem(object, site ?? baseUrl, author)];
    }),
    isComplete: true,
  };
}

/** @throws {ParseFailure} */
export function parseJson(text: string): unknown {
  try {
    // A second byte order mark counts as a blank here.
    return JSON.parse(text.trim());
  } catch (error) {
    throw new ParseFailure(`not valid JSON: ${(error as Error).message}`);
  }
}

function readItem(item: Json, baseUrl: string, feedAuthor: string | null): FoundItem {
  const html = asText(item['content_html']);
  const plain = asText(item['content_text']);
  return {
    baseUrl,
    guid: asText(item['id']),
    link: asText(item['url']) ?? asText(item['external_url']),
    title: asText(item['title']),
    published: parseDate(asText(item['date_published']) ?? ''),
    updated: parseDate(asText(item['date_modified']) ?? ''),
    summary: asText(item['summary']) ?? plain ?? htmlText(html ?? ''),
    content: html ?? plain,
    author: authorOf(item) ?? feedAuthor,
    categories: asList(item['tags']).map(asText),
    enclosures: asList(item['attachments']).flatMap((value) => {
      const attachment = asObject(value);
      if (attachment === null) return [];
      const [url, type, bytes] = ['url', 'mime_type', 'size_in_bytes'].map((key) => asText(attachment[key]));
      return [{ url, type, bytes }];
    }),
    image: asText(item['image']) ?? asText(item['banner_image']),
  };
}

function authorOf(holder: Json): string | null {
  const authors = [...asList(holder['authors']), holder['author']];
  const names = authors.flatMap((author) => asText(asObject(author)?.['name'] ?? author) ?? []);
  return names.length === 0 ? null : names.join(', ');
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
