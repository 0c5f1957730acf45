import type { Kysely } from 'kysely';
import type { Tables } from '../tables.js';

/** Keeps a JSON value for later steps of a job. */
export async function saveValue(
  db: Kysely<Tables>,
  job: string,
  name: string,
  value: unknown,
  now: Date,
): Promise<void> {
  const facts = { value: JSON.stringify(value), saved_at: now.toISOString() };
  await db
    .insertInto('job_values')
    .values({ job, name, ...facts })
    .onConflict((conflict) => conflict.columns(['job', 'name']).doUpdateSet(facts))
    .execute();
}

/** What a former step has kept; undefined when there is nothing of that name. */
export async function loadValue<Value>(
  db: Kysely<Tables>,
  job: string,
  name: string,
): Promise<Value | undefined> {
  const row = await db
    .selectFrom('job_values')
    .select('value')
    .where('job', '=', job)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as Value);
}

export async function deleteValues(db: Kysely<Tables>, job: string): Promise<void> {
  await db.deleteFrom('job_values').where('job', '=', job).execute();
}
