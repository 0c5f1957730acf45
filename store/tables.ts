import type { Generated } from 'kysely';
import type { JobEventsTable, JobsTable, JobValuesTable } from './jobs/tables.js';

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
  /** Set for the announcement of an item: `sequence` of the item, the text to send, and the pause after it. */
  readonly item: number | null;
  readonly template: string | null;
  readonly pace_ms: number | null;
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

/** Whatever is known about a source but its items and cycles. A row is locked while a cycle is stored. */
export interface SourcesTable {
  readonly source: string;
  /** How items were told apart when they were stored. */
  readonly dedup: string | null;
  /** The configuration for which the validators hold. */
  readonly validators_for: string | null;
  readonly etag: string | null;
  readonly last_modified: string | null;
  /** When the last list of items was stored, and when its cycle had begun. */
  readonly listed_at: string | null;
  readonly listed_from: string | null;
  /** Of that list: the same list again is not compared item by item. */
  readonly listing_digest: string | null;
  /** When that list was last known to hold: it came again, or the site said that nothing had changed. */
  readonly confirmed_at: string | null;
  readonly last_item_at: string | null;
  readonly site: string | null;
  /** When the site was last asked, and since when nobody has answered. */
  readonly observed_at: string | null;
  readonly unreached_since: string | null;
  /** JSON of what the workflow last said. */
  readonly status: string | null;
}

export interface ItemsTable {
  /** Order in which the store took them, without holes; a cursor. */
  readonly sequence: number;
  readonly source: string;
  /** What makes an item the same within its source, and what tells items apart that share it. */
  readonly item_key: string;
  readonly twin: string;
  readonly guid: string | null;
  readonly link: string | null;
  readonly title: string | null;
  readonly published: string | null;
  readonly updated: string | null;
  readonly summary: string | null;
  readonly content: string | null;
  readonly author: string | null;
  /** JSON lists; null for empty ones. */
  readonly categories: string | null;
  readonly enclosures: string | null;
  readonly image: string | null;
  /** Another one is another revision. */
  readonly fingerprint: string;
  /** 1 for an item as it was first seen. */
  readonly revision: number;
  readonly first_seen_at: string;
  /** Null while it is listed: then it was last seen when the list was last confirmed. */
  readonly last_seen_at: string | null;
  readonly changed_at: string | null;
  /** Words for full-text search; null where an earlier version stored the item. */
  readonly search_title: string | null;
  readonly search_text: string | null;
}

/** What an item was before it changed. */
export interface ItemRevisionsTable {
  readonly item: number;
  readonly revision: number;
  readonly link: string | null;
  readonly title: string | null;
  readonly updated: string | null;
  readonly summary: string | null;
  readonly content: string | null;
  readonly author: string | null;
  readonly replaced_at: string;
}

/** The one row from which items are numbered: locked until commit, so that numbers appear in their order. */
export interface ItemCounterTable {
  readonly id: number;
  readonly last: number;
}

/** The last cycles of each source. */
export interface SourceCyclesTable {
  readonly source: string;
  readonly id: string;
  readonly started_at: string;
  readonly outcome: string;
  readonly cause: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly latency_ms: number | null;
  readonly status: number | null;
  readonly wire_bytes: number;
  readonly items: number;
  readonly new_items: number;
  readonly changed_items: number;
  readonly first_new_item: number | null;
}

/** Cycles counted by hour, and by day when the hours are old. */
export interface SourceRollupsTable {
  readonly source: string;
  readonly span: 'hour' | 'day';
  readonly start: string;
  readonly outcome: string;
  /** Empty for none. */
  readonly cause: string;
  readonly cycles: number;
  readonly new_items: number;
  readonly last_detail: string | null;
  readonly last_at: string;
}

/** Alerts about sources that wait to be grouped. */
export interface SourceAlertsTable {
  readonly sequence: Generated<number>;
  /** JSON of a `SourceAlert`. */
  readonly alert: string;
}

/** What all processes know together, by name. A row is locked while it is changed. */
export interface SharedStateTable {
  readonly name: string;
  /** JSON. */
  readonly value: string | null;
}

export interface Tables {
  readonly sources: SourcesTable;
  readonly items: ItemsTable;
  readonly item_revisions: ItemRevisionsTable;
  readonly item_counter: ItemCounterTable;
  readonly source_cycles: SourceCyclesTable;
  readonly source_rollups: SourceRollupsTable;
  readonly source_alerts: SourceAlertsTable;
  readonly shared_state: SharedStateTable;
  readonly notifications: NotificationsTable;
  readonly deliveries: DeliveriesTable;
  readonly sinks: SinksTable;
  readonly jobs: JobsTable;
  readonly job_events: JobEventsTable;
  readonly job_values: JobValuesTable;
}
