import type { ParsedItem } from '../../core/items.js';
import { itemSearchText } from '../../core/search/index.js';

/** What a row takes from an item as it stands. */
export function factsOf(item: ParsedItem) {
  const { guid, link, title, published, updated, summary, content, author, image, fingerprint } = item;
  const facts = { guid, link, title, published, updated, summary, content, author, image, fingerprint };
  const lists = { categories: listText(item.categories), enclosures: listText(item.enclosures) };
  return { ...facts, ...lists, ...itemSearchText(item) };
}

function listText(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}
