import type { ParsedItem } from '../../core/items.js';

/** What a row takes from an item as it stands. */
export function factsOf(item: ParsedItem) {
  const { guid, link, title, published, updated, summary, content, author, image, fingerprint } = item;
  const facts = { guid, link, title, published, updated, summary, content, author, image, fingerprint };
  return { ...facts, categories: listText(item.categories), enclosures: listText(item.enclosures) };
}

function listText(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}
