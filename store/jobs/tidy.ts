import type { Kysely } from 'kysely';
import type { Tables } from '../tables.js';

/**
 * Deletes jobs that ended before `before`, with their events, and values that no job has fetched for as long; at most
 * `limit` of each. Returns how many jobs.
 */
export async function deleteJobs(db: Kysely<Tables>, before: Date, limit: number): Promise<number> {
  const instant = before.toISOString();
  return await db.transaction().execute(async (transaction) => {
    const old = await transaction
      .selectFrom('jobs')
      .select('id')
      .where('ended_at', '<', instant)
      .orderBy('ended_at')
      .limit(limit)
      .execute();
    await transaction.deleteFrom('job_values').where('saved_at', '<', instant).execute();
    if (old.length === 0) return 0;
    const ids = old.map(({ id }) => id);
    await transaction.deleteFrom('job_events').where('job', 'in', ids).execute();
    await transaction.deleteFrom('jobs').where('id', 'in', ids).execute();
    return ids.length;
  });
}
