import { parseDate } from '../dates/parse-date.js';
import type { FoundItem } from '../item.js';
import { childrenOf, textOf } from '../markup/select.js';
import type { XmlElement } from '../markup/xml-element.js';

/** A feed as a reader has found it. */
export interface FoundFeed {
  readonly format: 'rss' | 'rdf' | 'atom' | 'json-feed';
  readonly title: string | null;
  /** As written. */
  readonly link: string | null;
  /** How long the feed says that it stays the same; null when it does not say. */
  readonly ttlMs: number | null;
  readonly items: readonly FoundItem[];
  /** False when the document or an item has no end: something may be missing. */
  readonly isComplete: boolean;
}

/** The first date that can be read, in the order of the names. */
export function firstDate(element: XmlElement, ...names: readonly string[]): string | null {
  for (const child of names.flatMap((name) => childrenOf(element, name))) {
    const date = parseDate(textOf(child));
    if (date !== null) return date;
  }
  return null;
}
