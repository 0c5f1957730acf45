import type { Kysely, Transaction } from 'kysely';
import { listNotifications } from './notifications.js';
import { toDelivery } from './outbox.js';
import { wants, type SinkFilter } from './sink-filter.js';
import type { Tables } from './tables.js';

/** Most notifications that a new sink is given from the moments before it was registered. */
const CATCH_UP_MAX = 1_000;

/**
 * Makes sinks known: from now on deliveries are written for them. A sink that is new also gets what was recorded
 * since `since`, so that nothing is lost between the start of a process and this call.
 */
export async function registerSinks(
  db: Kysely<Tables>,
  sinks: readonly SinkFilter[],
  since: Date,
  now: Date,
): Promise<void> {
  for (const sink of sinks) {
    await db.transaction().execute(async (transaction) => {
      const facts = {
        min_level: sink.minLevel,
        instances: sink.instances === undefined ? null : JSON.stringify(sink.instances),
        seen_at: now.toISOString(),
      };
      const { numUpdatedRows } = await transaction
        .updateTable('sinks')
        .set(facts)
        .where('name', '=', sink.name)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) return;
      await transaction
        .insertInto('sinks')
        .values({ name: sink.name, ...facts })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(facts))
        .execute();
      await catchUp(transaction, sink, since, now);
    });
  }
}

/** Forgets sinks that no process has registered since `before`, with the deliveries they still waited for. */
export async function forgetSinks(db: Kysely<Tables>, before: Date): Promise<string[]> {
  return await db.transaction().execute(async (transaction) => {
    const gone = await transaction
      .deleteFrom('sinks')
      .where('seen_at', '<', before.toISOString())
      .returning('name')
      .execute();
    const names = gone.map((row) => row.name);
    if (names.length > 0) {
      await transaction
        .updateTable('deliveries')
        .set({ state: 'abandoned', last_error: 'the sink is no longer configured' })
        .where('sink', 'in', names)
        .where('state', '=', 'pending')
        .execute();
    }
    await abandonUnserved(transaction, before);
    return names;
  });
}

/** A source may name a sink that no process serves: its announcements must not wait, and be kept, for ever. */
async function abandonUnserved(transaction: Transaction<Tables>, before: Date): Promise<void> {
  await transaction
    .updateTable('deliveries')
    .set({ state: 'abandoned', last_error: 'the sink is not configured' })
    .where('state', '=', 'pending')
    .where('recorded_at', '<', before.toISOString())
    .where('sink', 'not in', (of) => of.selectFrom('sinks').select('name'))
    .execute();
}

async function catchUp(
  transaction: Transaction<Tables>,
  sink: SinkFilter,
  since: Date,
  now: Date,
): Promise<void> {
  const missed = await listNotifications(transaction, { since: since.toISOString(), limit: CATCH_UP_MAX });
  const wanted = missed.filter((notification) => wants(sink, notification));
  if (wanted.length === 0) return;
  await transaction
    .insertInto('deliveries')
    .values(wanted.map((notification) => toDelivery(sink.name, notification, now.toISOString())))
    .onConflict((conflict) => conflict.columns(['notification_id', 'sink']).doNothing())
    .execute();
}
