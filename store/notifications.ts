import type { Kysely, Transaction } from 'kysely';
import type { Notification } from '../core/notifications.js';
import { inParts } from './batches.js';
import { deliveriesFor } from './outbox.js';
import { fromRow, toRow, type StoredNotification } from './stored-notification.js';
import type { Tables } from './tables.js';

export interface NotificationQuery {
  readonly instance?: string;
  /** ISO 8601: only what was recorded then or later. */
  readonly since?: string;
  /** Only what comes after this sequence number. */
  readonly after?: number;
  /** At most this many, 1 to 1,000. */
  readonly limit: number;
  /** Newest first instead of oldest first. */
  readonly newestFirst?: boolean;
}

/** Longest list of one query, and rows of one statement. */
const LIMIT_MAX = 1_000;
const BATCH_MAX = 50;

/** Keeps notifications and, in the same transaction, one delivery for each sink that wants them. Idempotent by id. */
export async function recordNotifications(
  db: Kysely<Tables>,
  notifications: readonly Notification[],
  now: Date,
): Promise<void> {
  for (const batch of inParts(notifications, BATCH_MAX)) {
    await db.transaction().execute((transaction) => recordBatch(transaction, batch, now.toISOString()));
  }
}

/** The same as part of a transaction of somebody else. */
export async function recordWithin(
  transaction: Transaction<Tables>,
  notifications: readonly Notification[],
  recordedAt: string,
): Promise<void> {
  for (const batch of inParts(notifications, BATCH_MAX)) await recordBatch(transaction, batch, recordedAt);
}

async function recordBatch(
  transaction: Transaction<Tables>,
  batch: readonly Notification[],
  recordedAt: string,
): Promise<void> {
  const inserted = await transaction
    .insertInto('notifications')
    .values(batch.map((notification) => toRow(notification, recordedAt)))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .execute();
  const deliveries = await deliveriesFor(transaction, inserted.map(fromRow), recordedAt);
  for (const part of inParts(deliveries, BATCH_MAX)) {
    await transaction
      .insertInto('deliveries')
      .values(part)
      .onConflict((conflict) => conflict.columns(['notification_id', 'sink']).doNothing())
      .execute();
  }
}

/** Notifications in the order in which the store took them. Announcements of items are not among them: see `listItems`. */
export async function listNotifications(
  db: Kysely<Tables>,
  query: NotificationQuery,
): Promise<StoredNotification[]> {
  const { instance, since, after } = query;
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), LIMIT_MAX);
  const rows = await db
    .selectFrom('notifications')
    .selectAll()
    .where('event', '!=', 'new_item')
    .$if(instance !== undefined, (select) => select.where('instance', '=', instance as string))
    .$if(since !== undefined, (select) =>
      select.where('recorded_at', '>=', new Date(since as string).toISOString()),
    )
    .$if(after !== undefined, (select) => select.where('sequence', '>', after as number))
    .orderBy('sequence', query.newestFirst === true ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** Deletes notifications recorded before `before` that no sink still waits for; at most `limit`. Returns how many. */
export async function deleteNotifications(db: Kysely<Tables>, before: Date, limit: number): Promise<number> {
  const old = await db
    .selectFrom('notifications')
    .select('id')
    .where('recorded_at', '<', before.toISOString())
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('deliveries')
            .select('sink')
            .whereRef('notification_id', '=', 'notifications.id')
            .where('state', '=', 'pending'),
        ),
      ),
    )
    .orderBy('sequence')
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  const ids = old.map((row) => row.id);
  await db.deleteFrom('notifications').where('id', 'in', ids).execute();
  return ids.length;
}
