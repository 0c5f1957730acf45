import { htmlToLine } from '../announce/plain-text.js';
import type { ParsedItem } from '../items.js';
import { searchTokens } from './tokens.js';

/** HTML of an item that is looked at: its beginning says what it is about, and storing a whole archive stays quick. */
const CONTENT_CHARACTERS_MAX = 12_000;
/** Tokens of an item that are kept, as text. */
const SEARCH_TEXT_CHARACTERS_MAX = 12_000;

/** The tokens of an item, separated by spaces: what the full-text index of either database is made of. */
export interface ItemSearchText {
  readonly search_title: string;
  readonly search_text: string;
}

type SearchedItem = Pick<ParsedItem, 'title' | 'summary' | 'content' | 'author' | 'categories'>;

export function itemSearchText(item: SearchedItem): ItemSearchText {
  const content = htmlToLine((item.content ?? '').slice(0, CONTENT_CHARACTERS_MAX));
  const parts = [item.summary, item.author, ...item.categories, content];
  return {
    search_title: joined(item.title ?? ''),
    search_text: joined(parts.filter((part) => part !== null).join(' · ')),
  };
}

function joined(text: string): string {
  const tokens = searchTokens(text).join(' ');
  if (tokens.length <= SEARCH_TEXT_CHARACTERS_MAX) return tokens;
  return tokens.slice(0, tokens.lastIndexOf(' ', SEARCH_TEXT_CHARACTERS_MAX));
}
