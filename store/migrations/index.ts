import { setTimeout as sleep } from 'node:timers/promises';
import { Migrator, type Kysely, type Migration } from 'kysely';
import type { Engine } from '../engine.js';
import { createNotifications } from './001-notifications.js';
import { createSources } from './002-sources.js';
import { createSourceAlerts } from './003-source-alerts.js';
import { createJobs } from './004-jobs.js';
import { createItemSearch } from './005-item-search.js';

type Step = (db: Kysely<unknown>, engine: Engine) => Promise<void>;

/** Every step, in order. A step that was released is never changed; add a new one. */
const STEPS: Readonly<Record<string, Step>> = {
  '001-notifications': createNotifications,
  '002-sources': createSources,
  '003-source-alerts': createSourceAlerts,
  '004-jobs': createJobs,
  '005-item-search': createItemSearch,
};

/** Two processes that start at once can collide on the migrator's own tables; the loser tries again. */
const ATTEMPTS_MAX = 5;
const RETRY_MS = 300;

/** Brings the tables up to date. Safe in any number of processes at once. */
export async function migrate<Tables>(db: Kysely<Tables>, engine: Engine): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(STEPS).map(([name, step]): [string, Migration] => [
      name,
      { up: (target) => step(target as Kysely<unknown>, engine) },
    ]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  for (let attempt = 1; ; attempt++) {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    if (attempt === ATTEMPTS_MAX) throw error;
    await sleep(RETRY_MS * attempt);
  }
}
