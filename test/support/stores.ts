import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Notification } from '../../core/notifications.js';
import { openStore, type Store } from '../../store/index.js';
import { startPostgres, type PostgresServer } from './postgres.js';

/** Gives a migrated, empty store and its address, and closes it afterwards. */
export type WithStore = (use: (store: Store, url: string) => Promise<void>) => Promise<void>;

/** The same tests on a real SQLite file and on a real PostgreSQL server. */
export function describeStores(
  title: string,
  tests: (withStore: WithStore, newUrl: () => Promise<string>) => void,
): void {
  let directory: string;
  let postgres: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const databases: [string, () => Promise<string>][] = [
    ['SQLite', () => Promise.resolve(`sqlite:${join(directory, `folder/${++count}.db`)}`)],
    ['PostgreSQL', () => postgres.createDatabase(`store_${++count}`)],
  ];
  for (const [name, newUrl] of databases) {
    describe(`${title} on ${name}`, () => tests((use) => withStore(newUrl, use), newUrl));
  }
}

async function withStore(
  newUrl: () => Promise<string>,
  use: (store: Store, url: string) => Promise<void>,
): Promise<void> {
  const url = await newUrl();
  const store = await openStore(url);
  try {
    await store.migrate();
    await use(store, url);
  } finally {
    await store.close();
  }
}

/** A notification of `stream/alice` with the given id. */
export function notification(id: string, changes: Partial<Notification> = {}): Notification {
  return {
    id,
    event: 'retry_started',
    level: 'info',
    message: 'Connection lost, retrying...',
    instance: 'stream/alice',
    branch: 'recording',
    cause: 'network_disconnect',
    attempt: 1,
    time: '2026-01-02T03:04:05.678Z',
    detail: 'ECONNRESET',
    ...changes,
  };
}

/** An instant that many milliseconds from now. */
export function later(ms: number): Date {
  return new Date(Date.now() + ms);
}
