import type { Transaction } from 'kysely';
import { IN_LIST_MAX, inParts } from '../batches.js';
import type { Tables } from '../tables.js';
import type { KnownItem, MatchedItem } from './identity.js';
import { factsOf } from './item-facts.js';

/** Former versions of an item that are kept. */
const REVISIONS_MAX = 10;

/** Keeps what changed items were, then what they are. */
export async function storeRevisions(
  transaction: Transaction<Tables>,
  changed: readonly MatchedItem[],
  now: string,
): Promise<void> {
  for (const part of inParts(changed, IN_LIST_MAX)) {
    const sequences = part.map(({ known }) => (known as KnownItem).sequence);
    const columns = ['revision', 'link', 'title', 'updated', 'summary', 'content', 'author'] as const;
    await transaction
      .insertInto('item_revisions')
      .columns(['item', ...columns, 'replaced_at'])
      .expression((query) =>
        query
          .selectFrom('items')
          .select(['sequence', ...columns])
          .select((columnOf) => columnOf.val(now).as('replaced_at'))
          .where('sequence', 'in', sequences),
      )
      .execute();
    for (const item of part) await replaceItem(transaction, item, now);
    await transaction
      .deleteFrom('item_revisions')
      .where('item', 'in', sequences)
      .where('revision', '<', (of) =>
        of
          .selectFrom('items')
          .select(of('revision', '-', REVISIONS_MAX).as('oldest'))
          .whereRef('items.sequence', '=', 'item_revisions.item'),
      )
      .execute();
  }
}

async function replaceItem(
  transaction: Transaction<Tables>,
  { item, twin, known }: MatchedItem,
  now: string,
): Promise<void> {
  const { sequence, revision } = known as KnownItem;
  const { published, ...facts } = factsOf(item);
  await transaction
    .updateTable('items')
    .set({
      ...facts,
      twin,
      changed_at: now,
      revision: revision + 1,
      ...(published !== null && { published }),
    })
    .where('sequence', '=', sequence)
    .execute();
}
