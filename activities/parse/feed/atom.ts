import { absoluteUrl, type FoundItem } from '../item.js';
import { childrenOf, firstChild, firstText, innerHtml, markupOf, textOf } from '../markup/select.js';
import type { XmlElement } from '../markup/xml-element.js';
import { summaryText, titleText } from '../text.js';
import { firstDate, type FoundFeed } from './found-feed.js';
import { enclosuresOf, imageOf, mediaDescription } from './media.js';

/** Names of the registry may be written in full. */
const ALTERNATE = /^(?:http:\/\/www\.iana\.org\/assignments\/relation\/)?alternate$/i;

/** The name of an element with the namespace of Atom, or in a feed that has forgotten to declare it. */
function both(name: string): readonly [string, string] {
  return [`atom:${name}`, name];
}

/** Reads Atom 1.0 and 0.3. */
export function readAtom(root: XmlElement): FoundFeed {
  const author = authorOf(root);
  const entries = childrenOf(root, ...both('entry'));
  const title = firstChild(root, ...both('title'));
  return {
    format: 'atom',
    title: title === null ? null : textOfConstruct(title),
    link: alternateOf(root),
    ttlMs: null,
    items: entries.filter(({ isCut }) => !isCut).map((entry) => readEntry(entry, author)),
    isComplete: root.isClosed && entries.every(({ isClosed }) => isClosed),
  };
}

function readEntry(entry: XmlElement, feedAuthor: string | null): FoundItem {
  const title = firstChild(entry, ...both('title')) ?? firstChild(entry, 'media:title');
  const summary = firstChild(entry, ...both('summary'));
  const content = contentOf(firstChild(entry, ...both('content')));
  const short = summary === null ? mediaDescription(entry) : htmlOf(summary);
  const enclosures = enclosuresOf(entry);
  return {
    baseUrl: entry.baseUrl,
    guid: firstText(entry, ...both('id')),
    link: firstText(entry, 'feedburner:origlink') ?? alternateOf(entry) ?? addressOf(entry),
    title: title === null ? null : textOfConstruct(title),
    published: firstDate(entry, ...both('published'), ...both('issued'), ...both('created'), 'dc:date'),
    updated: firstDate(entry, ...both('updated'), ...both('modified')),
    summary: summaryText((short?.trim() || content) ?? ''),
    content: content ?? short,
    author: authorOf(entry) ?? feedAuthor ?? firstText(entry, 'dc:creator'),
    categories: childrenOf(entry, ...both('category')).map(
      ({ attributes }) => attributes.get('label') || attributes.get('term'),
    ),
    enclosures,
    image: imageOf(entry, enclosures),
  };
}

function typeOf({ attributes }: XmlElement): string {
  return (attributes.get('type') ?? 'text').trim().toLowerCase();
}

/** A title, in any of the ways in which Atom holds text. */
function textOfConstruct(element: XmlElement): string {
  const type = typeOf(element);
  const text = plainOf(element) ?? textOf(element);
  return type === 'html' || type === 'text/html' ? titleText(text) : text;
}

/** What Atom 0.3 holds in Base64. */
function plainOf(element: XmlElement): string | null {
  const isPacked = element.attributes.get('mode')?.trim().toLowerCase() === 'base64';
  return isPacked ? Buffer.from(textOf(element), 'base64').toString() : null;
}

/** The same as HTML. */
function htmlOf(element: XmlElement): string {
  const type = typeOf(element);
  if (type !== 'xhtml' && type !== 'application/xhtml+xml') return plainOf(element) ?? markupOf(element);
  const wrapper = firstChild(element, 'xhtml:div', 'div');
  return innerHtml(wrapper ?? element).trim();
}

/** Null for what is no text: a picture, or only the address of one. */
function contentOf(element: XmlElement | null): string | null {
  if (element === null) return null;
  const type = typeOf(element);
  const isText = /^(?:text|html|xhtml|text\/\S*|application\/xhtml\+xml)$/.test(type);
  const html = isText ? htmlOf(element) : '';
  return html.trim() === '' ? null : html;
}

/** The page that an entry is about; links to itself, to comments and to files are other things. */
function alternateOf(element: XmlElement): string | null {
  const links = childrenOf(element, ...both('link')).filter(
    ({ attributes }) => attributes.has('href') && ALTERNATE.test(attributes.get('rel') ?? 'alternate'),
  );
  const isPage = ({ attributes }: XmlElement): boolean => /html/i.test(attributes.get('type') ?? 'text/html');
  const best = links.find(isPage) ?? links[0];
  return best === undefined ? null : absoluteUrl(best.attributes.get('href'), best.baseUrl);
}

/** Where no link says it: the text of one, as in RSS, or an id that is an address of the web. */
function addressOf(entry: XmlElement): string | null {
  const text = firstText(entry, ...both('link'), ...both('id'))?.trim();
  return text !== undefined && /^https?:\/\//i.test(text) ? text : null;
}

function authorOf(element: XmlElement): string | null {
  const author = firstChild(element, ...both('author'));
  return author === null ? null : firstText(author, ...both('name'), ...both('email'));
}
