import type { ItemQuery, Store, StoredItem } from '../../../store/index.js';

/** Items are read with their content so many at a time: each may bring 256 Ki characters. */
const PART_ITEMS_MAX = 20;
/** Characters of content in one answer; the item that goes beyond is still part of it. */
const CONTENT_CHARACTERS_MAX = 4 * 2 ** 20;

/** Items with their content, the newest first: as many as asked for, or fewer when they are long. */
export async function readWithContent(
  store: Pick<Store, 'sources'>,
  query: ItemQuery,
): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  let characters = 0;
  let before = query.before;
  while (items.length < query.limit && characters < CONTENT_CHARACTERS_MAX) {
    const limit = Math.min(PART_ITEMS_MAX, query.limit - items.length);
    const part = await store.sources.listItems({
      ...query,
      ...(before !== undefined && { before }),
      limit,
      withContent: true,
    });
    for (const item of part) {
      if (characters >= CONTENT_CHARACTERS_MAX) break;
      items.push(item);
      characters += item.content?.length ?? 0;
    }
    before = part.at(-1)?.number;
    if (part.length < limit) break;
  }
  return items;
}

/** One item with its content; undefined when the store has none of that number. */
export async function findItem(
  store: Pick<Store, 'sources'>,
  number: number,
): Promise<StoredItem | undefined> {
  const [item] = await store.sources.listItems({
    after: number - 1,
    before: number + 1,
    limit: 1,
    withContent: true,
  });
  return item;
}
