import { parseBody, type ParseInput, type ParseOutcome } from '../../../activities/parse/index.js';
import type { ParsedItem } from '../../../core/items.js';

export const FEED_URL = 'https://feeds.example.org/news/feed.xml';

export function parseText(text: string | Buffer, changes: Partial<ParseInput> = {}): ParseOutcome {
  return parseBody({
    parse: { kind: 'feed' },
    dedup: 'auto',
    body: Buffer.from(text),
    contentType: null,
    url: FEED_URL,
    ...changes,
  });
}

export type Parsed = Extract<ParseOutcome, { kind: 'parsed' }>;

/** The outcome, which must be a document that was read. */
export function parsed(outcome: ParseOutcome): Parsed {
  if (outcome.kind === 'failed') throw new Error(`${outcome.cause}: ${outcome.detail}`);
  return outcome;
}

/** The items of a feed of RSS with this in its channel. */
export function rssItems(inChannel: string, attributes = ''): readonly ParsedItem[] {
  const text = `<?xml version="1.0"?><rss version="2.0" ${attributes}><channel>${inChannel}</channel></rss>`;
  return parsed(parseText(text)).items;
}

/** The only item of an Atom feed with this in its entry. */
export function atomEntry(inEntry: string, attributes = '', inFeed = ''): ParsedItem | undefined {
  const text = `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}>${inFeed}<entry>${inEntry}</entry></feed>`;
  return parsed(parseText(text)).items[0];
}
