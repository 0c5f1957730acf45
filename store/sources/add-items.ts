import type { Insertable, Transaction } from 'kysely';
import { dateOfItem } from '../../core/items.js';
import { inParts, INSERT_ROWS_MAX } from '../batches.js';
import type { ItemsTable, Tables } from '../tables.js';
import type { MatchedItem } from './identity.js';
import { factsOf } from './item-facts.js';

export interface Addition {
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** False for items that are known not to be listed any more. */
  readonly isListed: boolean;
}

/**
 * Keeps new items and returns them in the order of their numbers. The counter stays locked until the transaction ends: whoever
 * reads on from a number misses nothing that is stored at the same time.
 */
export async function addItems(
  transaction: Transaction<Tables>,
  { source, now, isListed }: Addition,
  items: readonly MatchedItem[],
): Promise<Insertable<ItemsTable>[]> {
  if (items.length === 0) return [];
  const { last } = await transaction
    .updateTable('item_counter')
    .set(({ eb }) => ({ last: eb('last', '+', items.length) }))
    .where('id', '=', 1)
    .returning('last')
    .executeTakeFirstOrThrow();
  const seen = { first_seen_at: now, last_seen_at: isListed ? null : now, changed_at: null };
  const rows = oldestFirst(items).map(({ item, key, twin }, index): Insertable<ItemsTable> => {
    const sequence = last - items.length + 1 + index;
    return { sequence, source, item_key: key, twin, ...factsOf(item), revision: 1, ...seen };
  });
  for (const part of inParts(rows, INSERT_ROWS_MAX)) {
    await transaction.insertInto('items').values(part).execute();
  }
  return rows;
}

/** By date where every item has one; else backwards, because answers list the newest first. */
function oldestFirst(items: readonly MatchedItem[]): MatchedItem[] {
  const backwards = items.toReversed();
  if (backwards.some(({ item }) => dateOfItem(item) === null)) return backwards;
  const dateOf = ({ item }: MatchedItem): string => dateOfItem(item) ?? '';
  return backwards.sort((left, right) =>
    dateOf(left) < dateOf(right) ? -1 : Number(dateOf(left) > dateOf(right)),
  );
}
