import { z } from 'zod';
import type { Feed, FeedEntry } from './feed.js';

export const JSON_FEED_TYPE = 'application/feed+json; charset=utf-8';

const author = z.object({ name: z.string() });

const jsonFeedItemSchema = z.object({
  id: z.string().describe('Permanent and unique; the same in the Atom feed.'),
  url: z.string().optional(),
  title: z.string().optional(),
  content_html: z.string().optional().describe('As the source gave it: not safe to show as it is.'),
  content_text: z.string().optional(),
  summary: z.string().optional(),
  image: z.string().optional(),
  date_published: z.string().optional(),
  date_modified: z.string(),
  authors: z.array(author).optional(),
  tags: z.array(z.string()).optional(),
  attachments: z
    .array(z.object({ url: z.string(), mime_type: z.string(), size_in_bytes: z.number().optional() }))
    .optional(),
  _holdfast: z
    .object({
      source: z.string().describe('Name of the source.'),
      number: z.number().int().describe('Number of the item: see /api/items.'),
      first_seen: z.string(),
      revision: z.number().int(),
    })
    .describe('What holdfast knows of the item beside.'),
});

/** JSON Feed 1.1, as far as we write it. */
export const jsonFeedSchema = z
  .object({
    version: z.literal('https://jsonfeed.org/version/1.1'),
    title: z.string(),
    home_page_url: z.string().optional(),
    feed_url: z.string().optional(),
    items: z.array(jsonFeedItemSchema).describe('The newest first.'),
  })
  .describe('JSON Feed 1.1.');

type JsonFeed = z.output<typeof jsonFeedSchema>;
type JsonFeedItem = z.output<typeof jsonFeedItemSchema>;

/** An attachment must say what it is. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** A feed as JSON Feed 1.1. */
export function renderJsonFeed(feed: Feed): string {
  const document: JsonFeed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    ...(feed.homeUrl !== null && { home_page_url: feed.homeUrl }),
    ...(feed.selfUrl !== null && { feed_url: feed.selfUrl }),
    items: feed.entries.map(toItem),
  };
  return `${JSON.stringify(document)}\n`;
}

function toItem({ id, publishedAt, updatedAt, item }: FeedEntry): JsonFeedItem {
  return {
    id,
    ...(item.link !== null && { url: item.link }),
    ...(item.title !== null && { title: item.title }),
    ...content(item),
    ...(item.summary !== null && { summary: item.summary }),
    ...(item.image !== null && { image: item.image }),
    ...(publishedAt !== null && { date_published: publishedAt }),
    date_modified: updatedAt,
    ...(item.author !== null && { authors: [{ name: item.author }] }),
    ...(item.categories.length > 0 && { tags: [...item.categories] }),
    ...(item.enclosures.length > 0 && {
      attachments: item.enclosures.map(({ url, type, bytes }) => ({
        url,
        mime_type: type ?? UNKNOWN_TYPE,
        ...(bytes !== null && { size_in_bytes: bytes }),
      })),
    }),
    _holdfast: {
      source: item.source,
      number: item.number,
      first_seen: item.firstSeenAt,
      revision: item.revision,
    },
  };
}

/** An item needs a content, be it empty. */
function content({ content: html, summary, title }: FeedEntry['item']): Partial<JsonFeedItem> {
  return html === null ? { content_text: summary ?? title ?? '' } : { content_html: html };
}
