import type { ItemEnclosure } from '../../../core/items.js';
import type { Feed, FeedEntry } from './feed.js';
import { element } from './xml.js';

export const ATOM_TYPE = 'application/atom+xml; charset=utf-8';

/**
 * A feed as Atom (RFC 4287). Written here, not by feedsmith: it puts white space around texts, and lets characters through that
 * no XML document may have.
 */
export function renderAtom(feed: Feed): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    element('id', {}, feed.id),
    element('title', {}, feed.title),
    element('updated', {}, feed.updatedAt),
    // An entry without an author has that of its feed.
    `<author>${element('name', {}, feed.title)}</author>`,
    ...link('self', feed.selfUrl, 'application/atom+xml'),
    ...link('alternate', feed.homeUrl, 'text/html'),
    element('generator', {}, 'holdfast'),
    ...feed.entries.flatMap((entry) => entryLines(feed, entry)),
    '</feed>',
  ];
  return `${lines.join('\n')}\n`;
}

function entryLines(feed: Feed, entry: FeedEntry): string[] {
  const { item } = entry;
  return [
    '<entry>',
    element('id', {}, entry.id),
    element('title', {}, item.title ?? ''),
    element('updated', {}, entry.updatedAt),
    ...(entry.publishedAt === null ? [] : [element('published', {}, entry.publishedAt)]),
    ...(item.author === null ? [] : [`<author>${element('name', {}, item.author)}</author>`]),
    ...link('alternate', item.link, null),
    ...item.enclosures.map(enclosure),
    ...item.categories.filter((term) => term !== '').map((term) => element('category', { term })),
    ...(item.summary === null ? [] : [element('summary', {}, item.summary)]),
    ...content(entry),
    ...(entry.sourceId === feed.id ? [] : source(entry)),
    '</entry>',
  ];
}

/** An entry needs a content or a link. */
function content({ item }: FeedEntry): string[] {
  if (item.content !== null) return [element('content', { type: 'html' }, item.content)];
  return item.link === null ? [element('content', {}, item.summary ?? item.title ?? '')] : [];
}

/** Of a feed that is made of several. */
function source({ sourceId, item }: FeedEntry): string[] {
  return [`<source>${element('id', {}, sourceId)}${element('title', {}, item.source)}</source>`];
}

function link(rel: string, href: string | null, type: string | null): string[] {
  return href === null ? [] : [element('link', { rel, type, href })];
}

function enclosure({ url, type, bytes }: ItemEnclosure): string {
  const mediaType = type !== null && /^[^\s/;]+\/[^\s/;]+$/.test(type) ? type : null;
  return element('link', {
    rel: 'enclosure',
    type: mediaType,
    length: bytes === null ? null : String(bytes),
    href: url,
  });
}
