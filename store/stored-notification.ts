import type { Insertable, Selectable } from 'kysely';
import type { MediaCause } from '../core/causes.js';
import type { Level, Notification } from '../core/notifications.js';
import type { NotificationsTable } from './tables.js';

/** A notification as the store has it. */
export interface StoredNotification extends Notification {
  /** Order in which the store took them; a cursor for `after`. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
}

/** A notification as a row. */
export function toRow(notification: Notification, recordedAt: string): Insertable<NotificationsTable> {
  const { id, instance, branch, event, level, message, cause, attempt, time, detail } = notification;
  return {
    id,
    instance,
    branch,
    event,
    level,
    message,
    cause,
    attempt,
    time,
    detail,
    recorded_at: recordedAt,
  };
}

/** A row as the rest of the program knows it. */
export function fromRow(row: Selectable<NotificationsTable>): StoredNotification {
  return {
    sequence: row.sequence,
    id: row.id,
    instance: row.instance,
    branch: row.branch,
    event: row.event as Notification['event'],
    level: row.level as Level,
    message: row.message,
    cause: row.cause as MediaCause | null,
    attempt: row.attempt,
    time: row.time,
    detail: row.detail,
    recordedAt: row.recorded_at,
  };
}
