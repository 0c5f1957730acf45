import type { Transaction } from 'kysely';
import { mergeRollups, MONTH_MS, SPAN_MS } from '../../core/source-health/index.js';
import { IN_LIST_MAX } from '../batches.js';
import type { Tables } from '../tables.js';
import { addRollups, toRollup } from './cycles.js';

/** Single cycles that are kept of each source: enough for percentiles, and for an hour of one a minute. */
export const CYCLES_MAX = 100;
/** Hours older than this become days. */
const HOURS_KEPT_MS = 48 * SPAN_MS.hour;

/** Keeps what is stored about a source bounded. Run once an hour as part of a cycle, so it needs no process of its own. */
export async function tidyUp(
  transaction: Transaction<Tables>,
  source: string,
  keepMs: number | null,
  now: Date,
): Promise<void> {
  await deleteOldCycles(transaction, source);
  await makeDays(transaction, source, new Date(now.getTime() - HOURS_KEPT_MS).toISOString());
  await transaction
    .deleteFrom('source_rollups')
    .where('source', '=', source)
    .where('start', '<', new Date(now.getTime() - MONTH_MS - SPAN_MS.day).toISOString())
    .execute();
  if (keepMs !== null) await deleteVanished(transaction, source, keepMs);
}

async function deleteOldCycles(transaction: Transaction<Tables>, source: string): Promise<void> {
  const oldest = await transaction
    .selectFrom('source_cycles')
    .select('started_at')
    .where('source', '=', source)
    .orderBy('started_at', 'desc')
    .limit(1)
    .offset(CYCLES_MAX - 1)
    .executeTakeFirst();
  if (oldest === undefined) return;
  await transaction
    .deleteFrom('source_cycles')
    .where('source', '=', source)
    .where('started_at', '<', oldest.started_at)
    .execute();
}

async function makeDays(transaction: Transaction<Tables>, source: string, before: string): Promise<void> {
  const hours = await transaction
    .deleteFrom('source_rollups')
    .where('source', '=', source)
    .where('span', '=', 'hour')
    .where('start', '<', before)
    .returningAll()
    .execute();
  if (hours.length > 0) await addRollups(transaction, source, mergeRollups(hours.map(toRollup), 'day'));
}

/**
 * Deletes items that have vanished from the source long before it was last seen in good order. What is still listed
 * stays, and a source that cannot be read loses nothing: neither would otherwise come back as new.
 */
async function deleteVanished(
  transaction: Transaction<Tables>,
  source: string,
  keepMs: number,
): Promise<void> {
  const seen = await transaction
    .selectFrom('sources')
    .select('confirmed_at')
    .where('source', '=', source)
    .executeTakeFirstOrThrow();
  if (seen.confirmed_at === null) return;
  const before = new Date(Date.parse(seen.confirmed_at) - keepMs).toISOString();
  const vanished = await transaction
    .selectFrom('items')
    .select('sequence')
    .where('source', '=', source)
    .where('last_seen_at', '<', before)
    .orderBy('sequence')
    .limit(IN_LIST_MAX)
    .execute();
  if (vanished.length === 0) return;
  await transaction
    .deleteFrom('items')
    .where(
      'sequence',
      'in',
      vanished.map(({ sequence }) => sequence),
    )
    .execute();
}
