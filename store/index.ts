import { Kysely } from 'kysely';
import type { Notification } from '../core/notifications.js';
import * as deliveries from './deliveries.js';
import type { ClaimedDelivery, ClaimRequest, DeliveryKey } from './deliveries.js';
import { postgresDialect } from './dialects/postgres.js';
import { sqliteDialect } from './dialects/sqlite.js';
import { parseStoreUrl } from './engine.js';
import { createJobStore, type JobStore } from './jobs/index.js';
import { migrate } from './migrations/index.js';
import * as notifications from './notifications.js';
import type { NotificationQuery } from './notifications.js';
import { changeShared, readShared, type SharedChange } from './shared-state.js';
import type { SinkFilter } from './sink-filter.js';
import * as sinks from './sinks.js';
import { createSourceStore, type SourceStore } from './sources/index.js';
import type { StoredNotification } from './stored-notification.js';
import type { Tables } from './tables.js';

export type { ClaimedDelivery, ClaimRequest, DeliveryKey, DueAnnouncement } from './deliveries.js';
export type { JobQuery, JobStore, StoredJob } from './jobs/index.js';
export type { NotificationQuery } from './notifications.js';
export type { SharedChange } from './shared-state.js';
export type { SinkFilter } from './sink-filter.js';
export type {
  CycleInput,
  FiguresOfCycle,
  FoundCycle,
  FoundItem,
  GroupingFacts,
  ItemQuery,
  ItemRevision,
  ItemSearch,
  JudgedCycle,
  SourceStore,
  StoredCycle,
  StoredItem,
  StoredValidators,
  Validators,
} from './sources/index.js';
export type { StoredNotification } from './stored-notification.js';

/** What holdfast keeps outside of Temporal: notifications, the outbox of the sinks, and what sources brought. */
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
  /** Notes that a sink will never take a delivery; it is not tried again. */
  markRefused(key: DeliveryKey, error: string): Promise<void>;
  releaseClaims(claimant: string): Promise<void>;
  /** Gives up what a sink has not taken although it was recorded before `before`. Returns how many. */
  abandonDeliveries(sink: string, before: Date): Promise<number>;
  countDeliveries(sink: string): Promise<Readonly<Record<'pending' | 'delivered' | 'abandoned', number>>>;
  /** Deliveries that each sink has still to take, by the names of the sinks that have any. */
  countWaitingDeliveries(): Promise<Readonly<Record<string, number>>>;
  /** Plain data that all processes share, by name; null before anybody has written it. */
  readShared<Value>(name: string): Promise<Value | null>;
  /** Changes it, one process at a time, together with what is to be told about it. */
  changeShared<Value>(name: string, change: (before: Value | null) => SharedChange<Value>): Promise<Value>;
  /** Items, cycles and figures of sources. */
  readonly sources: SourceStore;
  /** Content jobs as their workflows last told them. */
  readonly jobs: JobStore;
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
  const tellListeners = (): void => listeners.forEach((listener) => listener());
  return {
    migrate: () => migrate(db, location.engine),
    close: () => db.destroy(),
    recordNotifications: async (list) => {
      await notifications.recordNotifications(db, list, new Date());
      tellListeners();
    },
    listNotifications: (query) => notifications.listNotifications(db, query),
    deleteNotifications: (before, limit) => notifications.deleteNotifications(db, before, limit),
    registerSinks: (list, since) => sinks.registerSinks(db, list, since, new Date()),
    forgetSinks: (before) => sinks.forgetSinks(db, before),
    claimDeliveries: (request) => deliveries.claimDeliveries(db, request),
    markDelivered: (key) => deliveries.markDelivered(db, key, new Date()),
    markFailed: (key, failure) => deliveries.markFailed(db, key, failure),
    markRefused: (key, error) => deliveries.markRefused(db, key, error),
    releaseClaims: (claimant) => deliveries.releaseClaims(db, claimant),
    abandonDeliveries: (sink, before) => deliveries.abandonDeliveries(db, sink, before),
    countDeliveries: (sink) => deliveries.countDeliveries(db, sink),
    countWaitingDeliveries: () => deliveries.countWaitingDeliveries(db),
    readShared: (name) => readShared(db, name),
    changeShared: async (name, change) => {
      const value = await changeShared(db, name, new Date(), change);
      tellListeners();
      return value;
    },
    sources: createSourceStore(db, location.engine, tellListeners),
    jobs: createJobStore(db),
    onRecorded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
