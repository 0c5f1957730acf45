import type { Kysely, Selectable } from 'kysely';
import type { AnnouncedItem } from '../core/announce/index.js';
import { fromRow, type StoredNotification } from './stored-notification.js';
import type { DeliveriesTable, Tables } from './tables.js';

/** A delivery that is ours to make until the claim expires. */
export interface ClaimedDelivery {
  readonly sink: string;
  readonly notification: StoredNotification;
  /** Attempts before this one. */
  readonly attempts: number;
  /** Set when an item is to be announced. */
  readonly announcement: DueAnnouncement | null;
}

/** An item that is to be announced, with the text that its source wants. */
export interface DueAnnouncement {
  readonly source: string;
  readonly template: string;
  readonly item: AnnouncedItem;
}

export interface ClaimRequest {
  readonly sink: string;
  /** Who claims: unique for each process. */
  readonly claimant: string;
  readonly now: Date;
  /** After this long somebody else may take it. */
  readonly claimMs: number;
  readonly limit: number;
}

/** Names a delivery. */
export interface DeliveryKey {
  readonly sink: string;
  readonly notificationId: string;
}

/** Longest error text that is kept. */
const ERROR_LENGTH_MAX = 500;

/**
 * Claims due deliveries, at most one for each instance: its oldest one, so that every sink hears of an instance in
 * order. A delivery that fails holds back the later ones of its instance and no other.
 */
export async function claimDeliveries(db: Kysely<Tables>, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const claimed: ClaimedDelivery[] = [];
  for (const candidate of await dueHeads(db, request)) {
    const { numUpdatedRows } = await db
      .updateTable('deliveries')
      .set({
        claimed_by: request.claimant,
        claimed_until: new Date(request.now.getTime() + request.claimMs).toISOString(),
      })
      .where('sink', '=', request.sink)
      .where('notification_id', '=', candidate.notification.id)
      .where('state', '=', 'pending')
      .where((where) =>
        where.or([
          where('claimed_until', 'is', null),
          where('claimed_until', '<=', request.now.toISOString()),
        ]),
      )
      .executeTakeFirstOrThrow();
    if (numUpdatedRows > 0n) claimed.push(candidate);
  }
  return claimed;
}

async function dueHeads(db: Kysely<Tables>, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const now = request.now.toISOString();
  const rows = await db
    .with('heads', (query) =>
      query
        .selectFrom('deliveries')
        .select(({ fn }) => ['instance', fn.min('sequence').as('head')])
        .where('sink', '=', request.sink)
        .where('state', '=', 'pending')
        .groupBy('instance'),
    )
    .selectFrom('heads')
    .innerJoin('deliveries', (join) =>
      join
        .onRef('deliveries.instance', '=', 'heads.instance')
        .onRef('deliveries.sequence', '=', 'heads.head'),
    )
    .innerJoin('notifications', 'notifications.id', 'deliveries.notification_id')
    .leftJoin('items', 'items.sequence', 'deliveries.item')
    .selectAll('notifications')
    .select(['deliveries.attempts', 'deliveries.template'])
    .select(['items.source', 'items.title', 'items.link', 'items.published', 'items.summary'])
    .where('deliveries.sink', '=', request.sink)
    .where('deliveries.state', '=', 'pending')
    .where('deliveries.next_attempt_at', '<=', now)
    .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]))
    .orderBy('deliveries.sequence')
    .limit(request.limit)
    .execute();
  return rows.map((row) => {
    const notification = fromRow(row);
    const announcement = announcementOf(notification, row);
    return { sink: request.sink, notification, attempts: row.attempts, announcement };
  });
}

type ItemFacts = Pick<Selectable<DeliveriesTable>, 'template'> & {
  readonly [Fact in 'source' | 'title' | 'link' | 'published' | 'summary']: string | null;
};

/** Of an item that has been deleted meanwhile, its notification still knows title and link. */
function announcementOf(notification: StoredNotification, row: ItemFacts): DueAnnouncement | null {
  const { template, title, link, published, summary } = row;
  if (template === null) return null;
  const source = notification.instance.slice(notification.instance.indexOf('/') + 1);
  const item =
    row.source === null
      ? { title: notification.message, url: notification.detail || null, published: null, summary: null }
      : { title, url: link, published, summary };
  return { source, template, item };
}

/** Notes that a sink has taken a delivery, whoever holds the claim by now. */
export async function markDelivered(db: Kysely<Tables>, key: DeliveryKey, now: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const delivered = await transaction
      .updateTable('deliveries')
      .set((values) => ({
        state: 'delivered' as const,
        attempts: values('attempts', '+', 1),
        delivered_at: now.toISOString(),
        claimed_by: null,
        claimed_until: null,
        last_error: null,
      }))
      .where('sink', '=', key.sink)
      .where('notification_id', '=', key.notificationId)
      .returning(['instance', 'pace_ms'])
      .executeTakeFirst();
    const paceMs = delivered?.pace_ms ?? 0;
    if (delivered === undefined || paceMs === 0) return;
    await holdBack(transaction, key.sink, delivered.instance, new Date(now.getTime() + paceMs));
  });
}

/** The next delivery of an instance is due no sooner than this. */
async function holdBack(db: Kysely<Tables>, sink: string, instance: string, until: Date): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ next_attempt_at: until.toISOString() })
    .where('sink', '=', sink)
    .where('state', '=', 'pending')
    .where('instance', '=', instance)
    .where('next_attempt_at', '<', until.toISOString())
    .where('sequence', '=', (of) =>
      of
        .selectFrom('deliveries as waiting')
        .select(({ fn }) => fn.min('waiting.sequence').as('head'))
        .where('waiting.sink', '=', sink)
        .where('waiting.state', '=', 'pending')
        .where('waiting.instance', '=', instance),
    )
    .execute();
}

/** Notes a failed attempt and when the next one is due. Does nothing when the claim has gone to somebody else. */
export async function markFailed(
  db: Kysely<Tables>,
  key: DeliveryKey & { readonly claimant: string },
  failure: { readonly nextAttemptAt: Date; readonly error: string },
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((values) => ({
      attempts: values('attempts', '+', 1),
      next_attempt_at: failure.nextAttemptAt.toISOString(),
      last_error: failure.error.slice(0, ERROR_LENGTH_MAX),
      claimed_by: null,
      claimed_until: null,
    }))
    .where('sink', '=', key.sink)
    .where('notification_id', '=', key.notificationId)
    .where('claimed_by', '=', key.claimant)
    .where('state', '=', 'pending')
    .execute();
}

/** Notes that a sink will never take a delivery: it is kept with the sink's words and not tried again. */
export async function markRefused(db: Kysely<Tables>, key: DeliveryKey, error: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((values) => ({
      state: 'abandoned' as const,
      attempts: values('attempts', '+', 1),
      last_error: error.slice(0, ERROR_LENGTH_MAX),
      claimed_by: null,
      claimed_until: null,
    }))
    .where('sink', '=', key.sink)
    .where('notification_id', '=', key.notificationId)
    .where('state', '=', 'pending')
    .execute();
}

/** Gives claims back, e.g. when the process ends before it could send. */
export async function releaseClaims(db: Kysely<Tables>, claimant: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ claimed_by: null, claimed_until: null })
    .where('claimed_by', '=', claimant)
    .where('state', '=', 'pending')
    .execute();
}

/** Gives up what a sink has not taken although it was recorded before `before`. Returns how many. */
export async function abandonDeliveries(db: Kysely<Tables>, sink: string, before: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ state: 'abandoned', claimed_by: null, claimed_until: null })
    .where('sink', '=', sink)
    .where('state', '=', 'pending')
    .where('recorded_at', '<', before.toISOString())
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** How many deliveries of a sink are in each state. */
export async function countDeliveries(
  db: Kysely<Tables>,
  sink: string,
): Promise<Readonly<Record<'pending' | 'delivered' | 'abandoned', number>>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(({ fn }) => ['state', fn.countAll().as('count')])
    .where('sink', '=', sink)
    .groupBy('state')
    .execute();
  const counts = { pending: 0, delivered: 0, abandoned: 0 };
  for (const row of rows) counts[row.state] = Number(row.count);
  return counts;
}

/** Deliveries that each sink has still to take, by the names of the sinks that have any. */
export async function countWaitingDeliveries(db: Kysely<Tables>): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(({ fn }) => ['sink', fn.countAll().as('count')])
    .where('state', '=', 'pending')
    .groupBy('sink')
    .orderBy('sink')
    .execute();
  return Object.fromEntries(rows.map(({ sink, count }) => [sink, Number(count)]));
}
