import type { Kysely, Transaction } from 'kysely';
import type { Notification } from '../core/notifications.js';
import { recordWithin } from './notifications.js';
import type { Tables } from './tables.js';

/** What becomes of shared data, and what is to be told about it in the same moment. */
export interface SharedChange<Value> {
  readonly value: Value;
  readonly notifications: readonly Notification[];
}

/** Plain data that all processes share, by its name; null before anybody has written it. */
export async function readShared<Value>(db: Kysely<Tables>, name: string): Promise<Value | null> {
  const row = await db.selectFrom('shared_state').select('value').where('name', '=', name).executeTakeFirst();
  return parse(row?.value ?? null) as Value | null;
}

/** Changes shared data, one process at a time, and records what is to be told about it: both or neither. */
export async function changeShared<Value>(
  db: Kysely<Tables>,
  name: string,
  now: Date,
  change: (before: Value | null) => SharedChange<Value>,
): Promise<Value> {
  return await db.transaction().execute(async (transaction) => {
    const before = await lockShared<Value>(transaction, name);
    const { value, notifications } = change(before);
    await writeShared(transaction, name, value);
    await recordWithin(transaction, notifications, now.toISOString());
    return value;
  });
}

/** Reads shared data and keeps it locked until the transaction ends. */
export async function lockShared<Value>(
  transaction: Transaction<Tables>,
  name: string,
): Promise<Value | null> {
  const row = await transaction
    .insertInto('shared_state')
    .values({ name, value: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ name }))
    .returning('value')
    .executeTakeFirstOrThrow();
  return parse(row.value) as Value | null;
}

export async function writeShared(
  transaction: Transaction<Tables>,
  name: string,
  value: unknown,
): Promise<void> {
  await transaction
    .updateTable('shared_state')
    .set({ value: JSON.stringify(value) })
    .where('name', '=', name)
    .execute();
}

function parse(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
