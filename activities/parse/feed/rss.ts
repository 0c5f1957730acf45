import type { FoundItem } from '../item.js';
import { absoluteUrl } from '../item.js';
import { childrenOf, firstChild, firstText, markupOf, textOf } from '../markup/select.js';
import type { XmlElement } from '../markup/xml-element.js';
import { summaryText, titleText } from '../text.js';
import { firstDate, type FoundFeed } from './found-feed.js';
import { enclosuresOf, imageOf, mediaDescription } from './media.js';

const PERIODS_MS: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 7 * 86_400_000,
  monthly: 30 * 86_400_000,
  yearly: 365 * 86_400_000,
};

/** Reads RSS 0.9x to 2.0 and RDF (RSS 1.0): the items stand in the channel, or beside it. */
export function readRss(root: XmlElement): FoundFeed {
  const channel = firstChild(root, 'channel') ?? root;
  const link = linkOfChannel(channel);
  const elements = [...childrenOf(channel, 'item'), ...(channel === root ? [] : childrenOf(root, 'item'))];
  return {
    format: root.name === 'rdf:rdf' ? 'rdf' : 'rss',
    title: firstText(channel, 'title', 'dc:title'),
    link,
    ttlMs: ttlOf(channel),
    items: elements.filter(({ isCut }) => !isCut).map((item) => readItem(item, link)),
    isComplete: root.isClosed && elements.every(({ isClosed }) => isClosed),
  };
}

function readItem(item: XmlElement, siteLink: string | null): FoundItem {
  const site = absoluteUrl(siteLink, item.baseUrl);
  const description = firstChild(item, 'description', 'dc:description');
  const body = firstChild(item, 'content:encoded', 'xhtml:body', 'atom:content', 'content') ?? description;
  const short = description === null ? mediaDescription(item) : markupOf(description);
  const content = body === null ? null : markupOf(body);
  const enclosures = enclosuresOf(item);
  const title = firstText(item, 'title', 'dc:title', 'media:title', 'itunes:title');
  return {
    // Without an xml:base, what is relative is meant for the site, which need not be where its feed is served.
    baseUrl: item.xmlBase ?? site ?? item.baseUrl,
    guid: firstText(item, 'guid', 'atom:id', 'id') ?? aboutOf(item),
    link: linkOf(item),
    title: title === null ? null : titleText(title),
    published: firstDate(item, ...PUBLISHED),
    updated: firstDate(item, 'atom:updated', 'updated', 'dcterms:modified'),
    summary: summaryText((short?.trim() || content) ?? ''),
    content,
    author: authorOf(item),
    categories: childrenOf(item, 'category', 'dc:subject').map(textOf),
    enclosures,
    image: imageOf(item, enclosures),
  };
}

const PUBLISHED = [
  'pubdate',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'atom:published',
  'published',
  'date',
];

function linkOf(item: XmlElement): string | null {
  const guid = firstChild(item, 'guid');
  const isPermanent = guid?.attributes.get('ispermalink')?.trim().toLowerCase() !== 'false';
  const named = firstChild(item, 'link')?.attributes.get('href');
  return (
    withScheme(firstText(item, 'feedburner:origlink', 'link')) ??
    named ??
    alternateOf(item) ??
    webAddress(guid !== null && isPermanent ? textOf(guid) : null) ??
    pathOf(guid) ??
    webAddress(aboutOf(item))
  );
}

function linkOfChannel(channel: XmlElement): string | null {
  return withScheme(firstText(channel, 'link')) ?? alternateOf(channel);
}

/** The address in a link of Atom, which some feeds of RSS use. */
function alternateOf(element: XmlElement): string | null {
  const links = childrenOf(element, 'atom:link');
  const alternate = links.find(({ attributes }) => (attributes.get('rel') ?? 'alternate') === 'alternate');
  return alternate?.attributes.get('href') ?? null;
}

function aboutOf({ attributes }: XmlElement): string | null {
  return attributes.get('rdf:about') ?? attributes.get('about') ?? null;
}

function webAddress(text: string | null): string | null {
  return /^\s*https?:\/\//i.test(text ?? '') ? text : null;
}

/** A GUID that says itself that it is a link may be one within the site. */
function pathOf(guid: XmlElement | null): string | null {
  const isLink = guid?.attributes.get('ispermalink')?.trim().toLowerCase() === 'true';
  const text = guid === null ? '' : textOf(guid).trim();
  return isLink && text.startsWith('/') ? text : null;
}

/** People write addresses as they say them: `www.example.org/news` is no page of another site. */
function withScheme(link: string | null): string | null {
  return link !== null && /^\s*www\.[\w-]+\.[a-z]/i.test(link) ? `http://${link.trim()}` : link;
}

function authorOf(item: XmlElement): string | null {
  const author = firstChild(item, 'author', 'atom:author');
  const name = author === null ? null : firstText(author, 'name', 'atom:name');
  return firstText(item, 'dc:creator') ?? name ?? firstText(item, 'author', 'itunes:author');
}

/** `ttl` is in minutes; the syndication module counts updates in a period. */
function ttlOf(channel: XmlElement): number | null {
  const minutes = Number(firstText(channel, 'ttl') ?? 0);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes * 60_000;
  const periodMs = PERIODS_MS[firstText(channel, 'sy:updateperiod')?.trim().toLowerCase() ?? ''];
  const times = Number(firstText(channel, 'sy:updatefrequency') ?? 1);
  return periodMs === undefined || !(times >= 1) ? null : Math.round(periodMs / times);
}
