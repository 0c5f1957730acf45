import type { Transaction } from 'kysely';
import type { Tables } from '../tables.js';
import { type Dedup, identityOf } from './identity.js';

/** The configuration tells items apart in another way now: kept ones get the names they would have had, so none is new again. */
export async function identifyAnew(
  transaction: Transaction<Tables>,
  source: string,
  dedup: Dedup,
): Promise<void> {
  const rows = await transaction
    .selectFrom('items')
    .select(['sequence', 'guid', 'link', 'title', 'summary', 'content', 'fingerprint'])
    .where('source', '=', source)
    .orderBy('sequence', 'desc')
    .execute();
  const retired = (sequence: number) => ({ item_key: `former:${sequence}`, twin: '' });
  for (const { sequence } of rows) await rename(transaction, sequence, retired(sequence));
  const taken = new Set<string>();
  for (const row of rows) {
    const { key, twin } = identityOf(row, dedup);
    const name = `${key} ${twin}`;
    // Items that have become the same stay as they are; the newest one goes by the name.
    if (!taken.has(name)) await rename(transaction, row.sequence, { item_key: key, twin });
    taken.add(name);
  }
}

async function rename(
  transaction: Transaction<Tables>,
  sequence: number,
  name: { readonly item_key: string; readonly twin: string },
): Promise<void> {
  await transaction.updateTable('items').set(name).where('sequence', '=', sequence).execute();
}
