import { Kysely } from 'kysely';
import type { Notification } from '../core/notifications.js';
import * as deliveries from './deliveries.js';
import type { ClaimedDelivery, ClaimRequest, DeliveryKey } from './deliveries.js';
import { postgresDialect } from './dialects/postgres.js';
import { sqliteDialect } from './dialects/sqlite.js';
import { parseStoreUrl } from './engine.js';
import { migrate } from './migrations/index.js';
import * as notifications from './notifications.js';
import type { NotificationQuery } from './notifications.js';
import type { SinkFilter } from './sink-filter.js';
import * as sinks from './sinks.js';
import type { StoredNotification } from './stored-notification.js';
import type { Tables } from './tables.js';

export type { ClaimedDelivery, ClaimRequest, DeliveryKey } from './deliveries.js';
export type { NotificationQuery } from './notifications.js';
export type { SinkFilter } from './sink-filter.js';
export type { StoredNotification } from './stored-notification.js';

/** What holdfast keeps outside of Temporal: notifications and the outbox of the sinks. */
export interface Store {
  /** Brings the tables up to date. Safe in any number of processes at once. */
  migrate(): Promise<void>;
  close(): Promise<void>;
  /** Keeps notifications and queues them for every registered sink that wants them. Idempotent by id. */
  recordNotifications(list: readonly Notification[]): Promise<void>;
  listNotifications(query: NotificationQuery): Promise<StoredNotification[]>;
  /** Deletes notifications recorded before `before` that no sink still waits for; at most `limit`. Returns how many. */
  deleteNotifications(before: Date, limit: number): Promise<number>;
  /** Makes sinks known; new ones also get what was recorded since `since`. Repeat it: unseen sinks are forgotten. */
  registerSinks(list: readonly SinkFilter[], since: Date): Promise<void>;
  /** Forgets sinks not registered since `before`. Returns their names. */
  forgetSinks(before: Date): Promise<string[]>;
  /** Claims due deliveries of a sink, the oldest of each instance. A claim expires. */
  claimDeliveries(request: ClaimRequest): Promise<ClaimedDelivery[]>;
  markDelivered(key: DeliveryKey): Promise<void>;
  markFailed(
    key: DeliveryKey & { readonly claimant: string },
    failure: { readonly nextAttemptAt: Date; readonly error: string },
  ): Promise<void>;
  releaseClaims(claimant: string): Promise<void>;
  /** Gives up what a sink has not taken although it was recorded before `before`. Returns how many. */
  abandonDeliveries(sink: string, before: Date): Promise<number>;
  countDeliveries(sink: string): Promise<Readonly<Record<'pending' | 'delivered' | 'abandoned', number>>>;
  /** Calls the listener after this process has recorded notifications. Returns how to end that. */
  onRecorded(listener: () => void): () => void;
}

/**
 * Opens a store by URL: `sqlite:PATH` or `postgres://...`, secrets already expanded.
 * Throws when the URL is of neither kind or the file cannot be opened; a PostgreSQL server is asked at first use.
 */
export async function openStore(url: string): Promise<Store> {
  const location = parseStoreUrl(url);
  const dialect = location.engine === 'sqlite' ? sqliteDialect(location.path) : postgresDialect(location.url);
  const db = new Kysely<Tables>({ dialect });
  if (location.engine === 'sqlite') await db.connection().execute(() => Promise.resolve());
  const listeners = new Set<() => void>();
  return {
    migrate: () => migrate(db, location.engine),
    close: () => db.destroy(),
    recordNotifications: async (list) => {
      await notifications.recordNotifications(db, list, new Date());
      for (const listener of listeners) listener();
    },
    listNotifications: (query) => notifications.listNotifications(db, query),
    deleteNotifications: (before, limit) => notifications.deleteNotifications(db, before, limit),
    registerSinks: (list, since) => sinks.registerSinks(db, list, since, new Date()),
    forgetSinks: (before) => sinks.forgetSinks(db, before),
    claimDeliveries: (request) => deliveries.claimDeliveries(db, request),
    markDelivered: (key) => deliveries.markDelivered(db, key, new Date()),
    markFailed: (key, failure) => deliveries.markFailed(db, key, failure),
    releaseClaims: (claimant) => deliveries.releaseClaims(db, claimant),
    abandonDeliveries: (sink, before) => deliveries.abandonDeliveries(db, sink, before),
    countDeliveries: (sink) => deliveries.countDeliveries(db, sink),
    onRecorded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
