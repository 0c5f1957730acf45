import type { Insertable, Selectable, Transaction } from 'kysely';
import type { ParsedItem } from '../../core/items.js';
import { IN_LIST_MAX, inParts } from '../batches.js';
import type { ItemsTable, SourcesTable, Tables } from '../tables.js';
import { addItems } from './add-items.js';
import { identifyAnew } from './identify-anew.js';
import {
  type Dedup,
  identifyItems,
  type KnownItem,
  listDigest,
  matchItems,
  type MatchedItem,
} from './identity.js';
import { storeRevisions } from './revisions.js';

export interface Listing {
  readonly source: Selectable<SourcesTable>;
  readonly items: readonly ParsedItem[];
  readonly dedup: Dedup;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** False when a later answer has been stored already: then this one says nothing about what is listed now. */
  readonly isLatest: boolean;
}

export interface StoredItems {
  /** Items of the answer, each counted once. */
  readonly listed: number;
  /** In the order of their numbers. */
  readonly added: readonly Insertable<ItemsTable>[];
  readonly changed: number;
  /** Names the whole list. */
  readonly digest: string;
}

/** Keeps the items of one answer: new ones, new versions of changed ones, and which of the others are still listed. */
export async function storeItems(transaction: Transaction<Tables>, listing: Listing): Promise<StoredItems> {
  const { source, isLatest, now } = listing;
  const dedupBefore = source.dedup as Dedup | null;
  // An answer that comes late was read for a configuration that may be gone.
  const dedup = isLatest ? listing.dedup : (dedupBefore ?? listing.dedup);
  const identified = identifyItems(listing.items, dedup);
  const digest = listDigest(identified, dedup);
  const listed = identified.length;
  if (digest === source.listing_digest) return { listed, added: [], changed: 0, digest };
  if (dedupBefore !== null && dedupBefore !== dedup) await identifyAnew(transaction, source.source, dedup);
  const known = await findKnown(transaction, source.source, [...new Set(identified.map(({ key }) => key))]);
  const matched = matchItems(identified, known);
  const changed = isLatest ? matched.filter(hasChanged) : [];
  if (isLatest) await noteListed(transaction, source, matched);
  await storeRevisions(transaction, changed, now);
  const fresh = matched.filter((item) => item.known === null);
  const added = await addItems(transaction, { source: source.source, now, isListed: isLatest }, fresh);
  return { listed, added, changed: changed.length, digest };
}

function hasChanged({ known, item }: MatchedItem): boolean {
  return known !== null && known.fingerprint !== item.fingerprint;
}

async function findKnown(
  transaction: Transaction<Tables>,
  source: string,
  keys: readonly string[],
): Promise<KnownItem[]> {
  const known: KnownItem[] = [];
  for (const part of inParts(keys, IN_LIST_MAX)) {
    known.push(
      ...(await transaction
        .selectFrom('items')
        .select(['sequence', 'item_key', 'twin', 'fingerprint', 'link', 'title', 'revision'])
        .where('source', '=', source)
        .where('item_key', 'in', part)
        .execute()),
    );
  }
  return known;
}

/** Notes what has come back to the list and what has vanished from it; what stays costs nothing. */
async function noteListed(
  transaction: Transaction<Tables>,
  source: Selectable<SourcesTable>,
  matched: readonly MatchedItem[],
): Promise<void> {
  const before = await transaction
    .selectFrom('items')
    .select('sequence')
    .where('source', '=', source.source)
    .where('last_seen_at', 'is', null)
    .execute();
  const listed = new Set(matched.flatMap(({ known }) => (known === null ? [] : [known.sequence])));
  const vanished = before.map(({ sequence }) => sequence).filter((sequence) => !listed.delete(sequence));
  await setLastSeen(transaction, vanished, source.confirmed_at);
  // What is left was kept but not listed.
  await setLastSeen(transaction, [...listed], null);
}

async function setLastSeen(
  transaction: Transaction<Tables>,
  sequences: readonly number[],
  at: string | null,
): Promise<void> {
  for (const part of inParts(sequences, IN_LIST_MAX)) {
    await transaction.updateTable('items').set({ last_seen_at: at }).where('sequence', 'in', part).execute();
  }
}
