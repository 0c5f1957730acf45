import { charactersOf, htmlToLine, oneLine, shorten } from '../../../core/announce/index.js';
import type { FoundItem } from '../../../store/index.js';
import { ITEM_TEXT_CHARACTERS, TITLE_CHARACTERS } from './limits.js';
import { safeLink } from './safe-link.js';

/** An item as digests use it: plain text and a harmless link. Plain JSON. */
export interface DigestItem {
  /** Number in the store. */
  readonly number: number;
  readonly source: string;
  /** On one line, never empty. */
  readonly title: string;
  /** http or https; null when the item has no such link. */
  readonly link: string | null;
  /** On one line; empty when the source gives only titles. */
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly author: string | null;
}

/** Takes from a found item what a digest says of it. Markup, control characters and strange links stay behind. */
export function toDigestItem(item: FoundItem): DigestItem {
  const content = htmlToLine(item.content ?? '');
  const summary = oneLine(item.summary ?? '');
  const text = limited(content.length > summary.length ? content : summary, ITEM_TEXT_CHARACTERS);
  const link = safeLink(item.link);
  const { number, source, date } = item;
  const title = oneLine(item.title ?? '') || text || link || `Item ${number} of ${source}`;
  const author = limited(oneLine(item.author ?? ''), TITLE_CHARACTERS) || null;
  return { number, source, title: limited(title, TITLE_CHARACTERS), link, text, date, author };
}

/** At most so many characters, with an ellipsis where something is missing. */
export function limited(text: string, charactersMax: number): string {
  return shorten(text, { max: charactersMax, measure: charactersOf });
}
