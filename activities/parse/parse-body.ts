import type { SourceConfig } from '../../core/config/source.js';
import type { HttpCause } from '../../core/causes.js';
import type { ParsedItem } from '../../core/items.js';
import { decodeBody } from './charset/decode-body.js';
import { readFeed } from './feed/read-feed.js';
import { readHtml } from './html.js';
import { identify } from './identity.js';
import { absoluteUrl, isEmpty, itemOf, sha256, type FoundItem } from './item.js';
import { readJson } from './json.js';
import { ITEMS_MAX, TITLE_CHARACTERS } from './limits.js';
import { ParseFailure } from './parse-failure.js';
import { oneLine, titleText } from './text.js';

/** A document and how to read it. */
export interface ParseInput {
  readonly parse: SourceConfig['parse'];
  readonly dedup: SourceConfig['dedup'];
  /** Unpacked. */
  readonly body: Buffer;
  readonly contentType: string | null;
  /** Character set, when the source's configuration names one. */
  readonly charset?: string;
  /** Where the document came from, after redirects. */
  readonly url: string;
}

export type ParseOutcome =
  | {
      readonly kind: 'parsed';
      readonly format: 'rss' | 'rdf' | 'atom' | 'json-feed' | 'html' | 'json' | 'raw';
      /** What the document calls itself. */
      readonly title: string | null;
      /** The page that a feed belongs to. */
      readonly link: string | null;
      readonly items: readonly ParsedItem[];
      /** How long the feed says that it stays the same; null when it does not say. */
      readonly ttlMs: number | null;
      /** False when the document, or an item of it, has no end: its validators must not be kept. */
      readonly isComplete: boolean;
      /** Items beyond the limit of 2,000. */
      readonly dropped: number;
      /** Items that were left out because there is nothing in them. */
      readonly empty: number;
    }
  | {
      readonly kind: 'failed';
      /** `parse_error`, `unsupported_encoding`, or `blocked` for the page of a protection against bots. */
      readonly cause: HttpCause;
      readonly detail: string;
    };

type Found = Omit<Extract<ParseOutcome, { kind: 'parsed' }>, 'kind' | 'items' | 'empty'> & {
  readonly items: readonly FoundItem[];
};

const DETAIL_CHARACTERS = 300;

/** Makes items of a document. Never throws for what a site has sent. */
export function parseBody(input: ParseInput): ParseOutcome {
  try {
    const { items, ...about } = read(input);
    const filled = items.map(itemOf).filter((item, index) => !isEmpty(item, items[index]?.whole));
    return {
      kind: 'parsed',
      ...about,
      title: oneLine(titleText(about.title ?? ''), TITLE_CHARACTERS),
      link: absoluteUrl(about.link, input.url),
      // The content is what a raw item is.
      items: identify(filled, about.format === 'raw' ? 'id' : input.dedup),
      empty: items.length - filled.length,
    };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const detail = oneLine(error.message, DETAIL_CHARACTERS) ?? 'cannot be read';
    return { kind: 'failed', cause: error.httpCause, detail };
  }
}

function read(input: ParseInput): Found {
  const { parse, url } = input;
  if (parse.kind === 'raw') return readRaw(input);
  const { text } = decodeBody(input.body, input.contentType, input.charset);
  const rest = { title: null, link: url, ttlMs: null, isComplete: true };
  if (parse.kind === 'html') return { ...rest, format: 'html', ...readHtml(text, parse, url) };
  if (parse.kind === 'json') return { ...rest, format: 'json', ...readJson(text, parse, url) };
  const feed = readFeed(text, url);
  return {
    ...feed,
    items: feed.items.slice(0, ITEMS_MAX),
    dropped: Math.max(0, feed.items.length - ITEMS_MAX),
  };
}

/** The whole answer is one item, and another one as soon as a byte of it changes. */
function readRaw({ body, url }: ParseInput): Found {
  const whole = sha256(body);
  const item = { baseUrl: url, guid: whole, link: url, title: url, whole };
  return {
    format: 'raw',
    title: null,
    link: url,
    items: [item],
    ttlMs: null,
    isComplete: true,
    dropped: 0,
  };
}
