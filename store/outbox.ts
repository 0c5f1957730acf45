import type { Insertable, Transaction } from 'kysely';
import type { Level } from '../core/notifications.js';
import { wants, type SinkFilter } from './sink-filter.js';
import type { StoredNotification } from './stored-notification.js';
import type { DeliveriesTable, Tables } from './tables.js';

/** The deliveries that notifications give rise to. */
export async function deliveriesFor(
  transaction: Transaction<Tables>,
  notifications: readonly StoredNotification[],
  now: string,
): Promise<Insertable<DeliveriesTable>[]> {
  if (notifications.length === 0) return [];
  const rows = await transaction.selectFrom('sinks').selectAll().execute();
  const sinks = rows.map((row): SinkFilter => {
    const instances = row.instances === null ? undefined : (JSON.parse(row.instances) as string[]);
    return { name: row.name, minLevel: row.min_level as Level, ...(instances && { instances }) };
  });
  return sinks.flatMap((sink) =>
    notifications
      .filter((notification) => wants(sink, notification))
      .map((notification) => toDelivery(sink.name, notification, now)),
  );
}

/** A delivery that is due at once. */
export function toDelivery(
  sink: string,
  notification: StoredNotification,
  now: string,
): Insertable<DeliveriesTable> {
  return {
    notification_id: notification.id,
    sink,
    instance: notification.instance,
    sequence: notification.sequence,
    state: 'pending',
    attempts: 0,
    recorded_at: notification.recordedAt,
    next_attempt_at: now,
    claimed_by: null,
    claimed_until: null,
    last_error: null,
    delivered_at: null,
    item: null,
    template: null,
    pace_ms: null,
  };
}
