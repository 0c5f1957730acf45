import type { Generated } from 'kysely';

/** A notification, kept for as long as the retention setting says. Times are ISO 8601, UTC, of fixed width. */
export interface NotificationsTable {
  /** Order in which the store took them. */
  readonly sequence: Generated<number>;
  readonly id: string;
  readonly instance: string;
  readonly branch: string | null;
  readonly event: string;
  readonly level: string;
  readonly message: string;
  readonly cause: string | null;
  readonly attempt: number | null;
  readonly time: string;
  readonly detail: string;
  readonly recorded_at: string;
}

/** The outbox: one row for each notification and each sink that wants it. */
export interface DeliveriesTable {
  readonly notification_id: string;
  readonly sink: string;
  /** Instance and order are repeated here so that the next due delivery is found in one index. */
  readonly instance: string;
  readonly sequence: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly recorded_at: string;
  readonly next_attempt_at: string;
  readonly claimed_by: string | null;
  readonly claimed_until: string | null;
  readonly last_error: string | null;
  readonly delivered_at: string | null;
}

export type DeliveryState = 'pending' | 'delivered' | 'abandoned';

/** Sinks that a dispatcher serves: only for them are deliveries written. */
export interface SinksTable {
  readonly name: string;
  readonly min_level: string;
  /** JSON list of patterns, or null for all instances. */
  readonly instances: string | null;
  readonly seen_at: string;
}

export interface Tables {
  readonly notifications: NotificationsTable;
  readonly deliveries: DeliveriesTable;
  readonly sinks: SinksTable;
}
