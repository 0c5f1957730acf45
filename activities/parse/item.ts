import { createHash } from 'node:crypto';
import type { ItemEnclosure, ParsedItem } from '../../core/items.js';
import { parseDate } from './dates/parse-date.js';
import {
  AUTHOR_CHARACTERS,
  CATEGORIES_MAX,
  CATEGORY_CHARACTERS,
  CONTENT_CHARACTERS,
  ENCLOSURES_MAX,
  LINK_CHARACTERS,
  SUMMARY_CHARACTERS,
  TITLE_CHARACTERS,
} from './limits.js';
import { clip, oneLine, withoutControlCharacters } from './text.js';

type Text = string | null | undefined;

/** An item as a reader has found it: texts as written, addresses relative to `baseUrl`. */
export interface FoundItem {
  readonly baseUrl: string;
  readonly guid?: Text;
  readonly link?: Text;
  readonly title?: Text;
  readonly published?: Text;
  readonly updated?: Text;
  /** Plain text. */
  readonly summary?: Text;
  readonly content?: Text;
  readonly author?: Text;
  readonly categories?: readonly Text[];
  readonly enclosures?: readonly { readonly url: Text; readonly type?: Text; readonly bytes?: Text }[];
  readonly image?: Text;
  /** What else tells one revision from another, where the fields above are only a part of the item. */
  readonly whole?: string;
}

/** An item with everything but what makes it unique among its neighbours. */
export type ItemWithoutId = Omit<ParsedItem, 'id'>;

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:', 'magnet:']);

/** Brings an item into its form: dates read, addresses made absolute, texts within their limits. */
export function itemOf(found: FoundItem): ItemWithoutId {
  const { baseUrl } = found;
  const item = {
    guid: oneLine(found.guid, LINK_CHARACTERS),
    link: absoluteUrl(found.link, baseUrl),
    title: oneLine(found.title, TITLE_CHARACTERS),
    published: parseDate(found.published ?? ''),
    updated: parseDate(found.updated ?? ''),
    summary: oneLine(found.summary, SUMMARY_CHARACTERS),
    content: contentOf(found.content),
    author: oneLine(found.author, AUTHOR_CHARACTERS),
    categories: categoriesOf(found.categories ?? []),
    enclosures: enclosuresOf(found.enclosures ?? [], baseUrl),
    image: absoluteUrl(found.image, baseUrl),
  };
  const { published: _published, updated: _updated, ...seen } = item;
  return { ...item, fingerprint: sha256(JSON.stringify([seen, found.whole ?? null])) };
}

/** True when nothing in an item could be shown: dates and names alone say nothing. */
export function isEmpty(item: ItemWithoutId, whole: string | undefined): boolean {
  const { guid, link, title, summary, content, image, enclosures } = item;
  const facts = [guid, link, title, summary, content, image];
  return facts.every((fact) => fact === null) && enclosures.length === 0 && (whole ?? '').trim() === '';
}

/** An address that a reader may follow, made absolute; null when it is none. */
export function absoluteUrl(written: Text, baseUrl: string): string | null {
  const text = withoutControlCharacters(written ?? '').trim();
  if (text === '' || text.length > LINK_CHARACTERS || !URL.canParse(text, baseUrl)) return null;
  const url = new URL(text, baseUrl);
  if (!LINK_PROTOCOLS.has(url.protocol)) return null;
  // A bare host stays as it was written: "https://example.org" and "https://example.org/" are one place.
  return url.href === `${text}/` ? text : url.href;
}

export function sha256(text: string | Buffer): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function contentOf(written: Text): string | null {
  const text = withoutControlCharacters(written ?? '').trim();
  return text === '' ? null : clip(text, CONTENT_CHARACTERS);
}

function categoriesOf(written: readonly Text[]): string[] {
  const lines = written.flatMap((text) => oneLine(text, CATEGORY_CHARACTERS) ?? []);
  return [...new Set(lines)].slice(0, CATEGORIES_MAX);
}

function enclosuresOf(written: NonNullable<FoundItem['enclosures']>, baseUrl: string): ItemEnclosure[] {
  const all = written.flatMap(({ url, type, bytes }) => {
    const address = absoluteUrl(url, baseUrl);
    if (address === null) return [];
    const size = Math.round(Number(bytes ?? 0));
    const isSize = Number.isSafeInteger(size) && size > 0;
    return [{ url: address, type: oneLine(type, CATEGORY_CHARACTERS), bytes: isSize ? size : null }];
  });
  const first = new Map(all.toReversed().map((enclosure) => [enclosure.url, enclosure]));
  return all.filter((enclosure) => first.get(enclosure.url) === enclosure).slice(0, ENCLOSURES_MAX);
}
