import type { Insertable, Transaction } from 'kysely';
import type { Notification } from '../../core/notifications.js';
import { describeEvent } from '../../core/notifications.js';
import { INSERT_ROWS_MAX, inParts } from '../batches.js';
import { toRow } from '../stored-notification.js';
import type { ItemsTable, Tables } from '../tables.js';
import type { CycleInput } from './cycle-input.js';

type Announcement = CycleInput['announce'][number];
type NewItem = Insertable<ItemsTable>;

export interface News {
  /** In the order of their numbers. */
  readonly added: readonly NewItem[];
  /** The source has listed nothing before, or nothing of this: most of it is old, and new to us only. */
  readonly isInitial: boolean;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** Puts each new item into the outbox, once for each sink that the source names. Part of the transaction that keeps it. */
export async function announceItems(
  transaction: Transaction<Tables>,
  { cycle, announce }: Pick<CycleInput, 'cycle' | 'announce'>,
  { added, isInitial, now }: News,
): Promise<void> {
  const takers = announce.map((announcement) => ({
    announcement,
    items: new Set(isInitial ? newest(added, announcement.initial) : added),
  }));
  const announced = added.filter((item) => takers.some(({ items }) => items.has(item)));
  if (announced.length === 0) return;
  const lane = announcementLane(cycle.source);
  const lastDelivered = await lastDeliveredAt(transaction, lane);
  for (const part of inParts(announced, INSERT_ROWS_MAX)) {
    const kept = await transaction
      .insertInto('notifications')
      .values(part.map((item) => toRow(toNotification(item, now), now)))
      .returning(['id', 'sequence'])
      .execute();
    const sequences = new Map(kept.map(({ id, sequence }) => [id, sequence]));
    const deliveries = part.flatMap((item) =>
      takers
        .filter(({ items }) => items.has(item))
        .map(({ announcement }) => ({
          ...toDelivery(item, announcement, now),
          instance: lane,
          sequence: sequences.get(notificationId(item)) ?? 0,
          next_attempt_at: dueAt(lastDelivered.get(announcement.sink), announcement.every, now),
        })),
    );
    for (const rows of inParts(deliveries, INSERT_ROWS_MAX)) {
      await transaction.insertInto('deliveries').values(rows).execute();
    }
  }
}

function newest(items: readonly NewItem[], count: number): readonly NewItem[] {
  return items.slice(Math.max(0, items.length - count));
}

function toDelivery(item: NewItem, { sink, template, every }: Announcement, now: string) {
  return {
    notification_id: notificationId(item),
    sink,
    state: 'pending' as const,
    attempts: 0,
    recorded_at: now,
    item: item.sequence,
    template,
    pace_ms: every,
  };
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

function notificationId({ source, sequence }: Pick<NewItem, 'source' | 'sequence'>): string {
  return `source/${source}:item:${sequence}`;
}

function toNotification(item: NewItem, now: string): Notification {
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
