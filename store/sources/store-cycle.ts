import type { Kysely, Selectable, Transaction } from 'kysely';
import { hasReached, type SourceStatus } from '../../core/source-health/index.js';
import type { SourcesTable, Tables } from '../tables.js';
import { keepAlerts } from './alerts.js';
import { announceItems } from './announce.js';
import type { CycleInput, FiguresOfCycle, StoredCycle } from './cycle-input.js';
import { countCycle, dayRate, findCycle, keepCycle, type KeptCycle } from './cycles.js';
import { storeItems, type StoredItems } from './store-items.js';
import { tidyUp } from './tidy.js';

type Source = Selectable<SourcesTable>;

const NO_ITEMS: StoredItems = { listed: 0, added: [], changed: 0, digest: '' };
/** Longest detail of a cycle that is kept. */
const DETAIL_LENGTH_MAX = 500;

/**
 * Stores a cycle in one transaction: items, validators, announcements and figures, or nothing of it. Stored again, by
 * the same source and cycle id, it changes nothing and returns the same.
 */
export async function storeCycle(db: Kysely<Tables>, input: CycleInput, at: Date): Promise<StoredCycle> {
  return await db.transaction().execute(async (transaction) => {
    const source = await lockSource(transaction, input.cycle.source);
    const before = await findCycle(transaction, input.cycle.source, input.cycle.id);
    if (before !== null) {
      const rate = await dayRate(transaction, input.cycle.source, at);
      return { ...broughtBy(before), lastItemAt: source.last_item_at, dayRate: rate, repeated: true };
    }
    const { kept, figures } = await keepNew(transaction, input, source, at);
    return { ...broughtBy(kept), ...figures, repeated: false };
  });
}

function broughtBy({ items, newItems, changedItems, firstNewItem }: KeptCycle) {
  const newItemIds = Array.from({ length: newItems }, (_, index) => (firstNewItem ?? 0) + index);
  return { items, newItems, changedItems, newItemIds };
}

/** The row of the source, locked until the transaction ends: cycles of a source are stored one after another. */
async function lockSource(transaction: Transaction<Tables>, source: string): Promise<Source> {
  return await transaction
    .insertInto('sources')
    .values({ source })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ source }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function keepNew(
  transaction: Transaction<Tables>,
  input: CycleInput,
  source: Source,
  at: Date,
): Promise<{ readonly kept: KeptCycle; readonly figures: FiguresOfCycle }> {
  const now = at.toISOString();
  const startedAt = new Date(input.cycle.startedAt).toISOString();
  const isLatest = source.listed_from === null || startedAt >= source.listed_from;
  const list = input.cycle.outcome === 'fetched' ? input.items : null;
  const { dedup } = input;
  const stored =
    list === null ? NO_ITEMS : await storeItems(transaction, { source, items: list, dedup, now, isLatest });
  const isInitial = isFirstListing(source, input, stored);
  await announceItems(transaction, input, { added: stored.added, isInitial, now });
  const record = {
    ...input.cycle,
    startedAt,
    detail: storableDetail(input.cycle.detail),
    items: stored.listed,
    newItems: stored.added.length,
    changedItems: stored.changed,
  };
  const kept = { ...record, firstNewItem: stored.added[0]?.sequence ?? null };
  await keepCycle(transaction, kept);
  // What was there before the source was watched is new to us only.
  const newsCounted = source.listed_at === null ? 0 : record.newItems;
  const isFirstOfHour = await countCycle(transaction, record, newsCounted);
  const figures = {
    dayRate: await dayRate(transaction, source.source, at),
    lastItemAt: stored.added.length > 0 ? now : source.last_item_at,
  };
  const judged = input.judge?.(figures);
  const status = judged?.status ?? input.status;
  await updateSource(transaction, input, { source, startedAt, isLatest, stored, now, status });
  await keepAlerts(transaction, judged?.alerts ?? []);
  if (isFirstOfHour) await tidyUp(transaction, source.source, input.keepMs, at);
  return { kept, figures };
}

/** True for the first list of a source, and for one of another address, or read in another way, that has nothing we know. */
function isFirstListing(
  source: Source,
  { validatorsFor }: CycleInput,
  { listed, added }: StoredItems,
): boolean {
  if (source.listed_at === null) return true;
  return source.validators_for !== validatorsFor && added.length === listed;
}

interface Update {
  readonly source: Source;
  readonly startedAt: string;
  readonly isLatest: boolean;
  readonly stored: StoredItems;
  readonly now: string;
  readonly status: SourceStatus | null;
}

async function updateSource(
  transaction: Transaction<Tables>,
  input: CycleInput,
  update: Update,
): Promise<void> {
  const { source, stored, now, isLatest, status } = update;
  await transaction
    .updateTable('sources')
    .set({
      ...observation(input, update),
      ...(isLatest && listingFacts(input, update)),
      ...(stored.added.length > 0 && { last_item_at: now }),
      ...(status !== null && { status: JSON.stringify(status) }),
    })
    .where('source', '=', source.source)
    .execute();
}

/** Validators are kept together with the items they stand for, so that a crash in between cannot hide any. */
function listingFacts(input: CycleInput, { source, startedAt, stored, now }: Update): Partial<Source> {
  const { cycle, validators, validatorsFor, items, dedup } = input;
  if (cycle.outcome !== 'fetched' && cycle.outcome !== 'not_modified') return {};
  const isListed = cycle.outcome === 'fetched' && items !== null;
  // The validators of what was listed before do not hold for this list.
  const isOfAnother = source.validators_for !== validatorsFor;
  return {
    confirmed_at: now,
    ...((validators !== null || (isListed && isOfAnother)) && {
      validators_for: validatorsFor,
      etag: validators?.etag ?? null,
      last_modified: validators?.lastModified ?? null,
    }),
    ...(isListed && { listed_at: now, listed_from: startedAt, listing_digest: stored.digest, dedup }),
  };
}

function observation({ cycle, site }: CycleInput, { source, now }: Update): Partial<Source> {
  // A cycle that asked nobody shows nothing; the column is written as it was, because an update must set something.
  const nothingWasAsked = cycle.outcome === 'skipped' && cycle.cause === null;
  if (nothingWasAsked) return { observed_at: source.observed_at };
  const reached = hasReached(cycle.outcome, cycle.cause);
  return { site, observed_at: now, unreached_since: reached ? null : (source.unreached_since ?? now) };
}

/** Within its limit, and without NUL, which PostgreSQL does not take in a text. */
function storableDetail(detail: string | null): string | null {
  return detail?.slice(0, DETAIL_LENGTH_MAX).replaceAll('\0', '') ?? null;
}
