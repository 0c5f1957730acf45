import type { Insertable, Transaction } from 'kysely';
import type { Notification } from '../../core/notifications.js';
import { describeEvent } from '../../core/notifications.js';
import { INSERT_ROWS_MAX, inParts } from '../batches.js';
import { toRow } from '../stored-notification.js';
import type { DeliveriesTable, ItemsTable, Tables } from '../tables.js';
import type { CycleInput } from './cycle-input.js';

/** Puts each new item into the outbox, once for each sink that the source names. Part of the transaction that keeps it. */
export async function announceItems(
  transaction: Transaction<Tables>,
  { cycle, announce }: Pick<CycleInput, 'cycle' | 'announce'>,
  added: readonly Insertable<ItemsTable>[],
  now: string,
): Promise<void> {
  if (announce.length === 0 || added.length === 0) return;
  const lane = announcementLane(cycle.source);
  const lastDelivered = await lastDeliveredAt(transaction, lane);
  for (const part of inParts(added, INSERT_ROWS_MAX)) {
    const notifications = part.map((item) => toNotification(item, now));
    const kept = await transaction
      .insertInto('notifications')
      .values(notifications.map((notification) => toRow(notification, now)))
      .returning(['id', 'sequence'])
      .execute();
    const sequences = new Map(kept.map(({ id, sequence }) => [id, sequence]));
    const deliveries = part.flatMap((item) =>
      announce.map(({ sink, template, every }): Insertable<DeliveriesTable> => {
        const id = notificationId(item);
        return {
          notification_id: id,
          sink,
          instance: lane,
          sequence: sequences.get(id) ?? 0,
          state: 'pending',
          attempts: 0,
          recorded_at: now,
          next_attempt_at: dueAt(lastDelivered.get(sink), every, now),
          item: item.sequence,
          template,
          pace_ms: every,
        };
      }),
    );
    for (const rows of inParts(deliveries, INSERT_ROWS_MAX)) {
      await transaction.insertInto('deliveries').values(rows).execute();
    }
  }
}

/** When each sink took its last announcement of a source. */
async function lastDeliveredAt(
  transaction: Transaction<Tables>,
  lane: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await transaction
    .selectFrom('deliveries')
    .select(({ fn }) => ['sink', fn.max('delivered_at').as('last')])
    .where('instance', '=', lane)
    .where('pace_ms', 'is not', null)
    .where('delivered_at', 'is not', null)
    .groupBy('sink')
    .execute();
  return new Map(rows.flatMap(({ sink, last }) => (last === null ? [] : [[sink, last]])));
}

/** At once, unless the pause after the last announcement is not over. */
function dueAt(last: string | undefined, everyMs: number, now: string): string {
  if (last === undefined) return now;
  const free = new Date(Date.parse(last) + everyMs).toISOString();
  return free > now ? free : now;
}

/** Announcements wait for each other, but not for alerts about the same source, nor those for them. */
function announcementLane(source: string): string {
  return `source/${source}#items`;
}

function notificationId({ source, sequence }: Pick<Insertable<ItemsTable>, 'source' | 'sequence'>): string {
  return `source/${source}:item:${sequence}`;
}

function toNotification(item: Insertable<ItemsTable>, now: string): Notification {
  const title = item.title ?? item.link ?? item.guid ?? 'New item';
  return {
    id: notificationId(item),
    event: 'new_item',
    ...describeEvent({ event: 'new_item', title }),
    instance: `source/${item.source}`,
    branch: null,
    cause: null,
    attempt: null,
    time: now,
    detail: item.link ?? '',
  };
}
