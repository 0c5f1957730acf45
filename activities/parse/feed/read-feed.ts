import { childrenOf } from '../markup/select.js';
import { readXml } from '../markup/xml.js';
import type { XmlElement } from '../markup/xml-element.js';
import { ParseFailure } from '../parse-failure.js';
import { oneLine } from '../text.js';
import { readAtom } from './atom.js';
import type { FoundFeed } from './found-feed.js';
import { htmlInPlaceOfFeed } from './html-in-place.js';
import { readJsonFeed } from './json-feed.js';
import { readRss } from './rss.js';

/** What a feed begins with; programs on the other side sometimes print warnings before it. */
const BEGINNING = /<\?xml\b|<(?:[a-z][\w.-]{0,40}:)?(?:rss|rdf|feed)[\s>]/i;
const HTML = /^\s*(?:<!--[^]{0,2000}?-->\s*)?<(?:!doctype\s+html|html[\s>])/i;
const COMMENTS = /<!--[^]*?-->/g;
/** Warnings are short. */
const NOISE_CHARACTERS = 8_192;
const SHOWN_CHARACTERS = 60;

const READERS: Readonly<Record<string, (root: XmlElement) => FoundFeed>> = {
  rss: readRss,
  'rdf:rdf': readRss,
  channel: readRss,
  'atom:feed': readAtom,
  feed: readAtom,
};

/**
 * Reads a feed of any kind by what it is, whatever its `Content-Type` says.
 * @throws {ParseFailure} when it is none.
 */
export function readFeed(text: string, baseUrl: string): FoundFeed {
  if (text.trim() === '') throw new ParseFailure('the answer is empty');
  if (/^\s*[{[]/.test(text)) return readJsonFeed(text, baseUrl);
  if (HTML.test(text)) throw htmlInPlaceOfFeed(text, baseUrl);
  const noise = text.slice(0, NOISE_CHARACTERS).replace(COMMENTS, ({ length }) => ' '.repeat(length));
  const beginning = noise.search(BEGINNING);
  const document = readXml(text.slice(Math.max(0, beginning)), baseUrl);
  const outermost = document.children.filter((child) => typeof child !== 'string');
  const root = outermost.find(({ name }) => name in READERS);
  const read = READERS[root?.name ?? ''];
  if (root !== undefined && read !== undefined) return wholeOrPart(read(root));
  if (childrenOf(document, 'html', 'xhtml:html').length > 0) throw htmlInPlaceOfFeed(text, baseUrl);
  const [first] = outermost;
  if (first !== undefined) throw new ParseFailure(`XML, but no feed: its root is ${first.name.slice(0, 60)}`);
  throw new ParseFailure(`neither XML nor JSON: "${oneLine(text.slice(0, 1_000), SHOWN_CHARACTERS) ?? ''}"`);
}

/** A feed that was cut still gives its whole items. */
function wholeOrPart(feed: FoundFeed): FoundFeed {
  if (feed.isComplete || feed.items.length > 0) return feed;
  throw new ParseFailure('the feed ends before its first item does');
}
