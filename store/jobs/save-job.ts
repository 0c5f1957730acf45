import type { Kysely, Transaction } from 'kysely';
import type { JobEvent, JobView } from '../../core/jobs/index.js';
import { INSERT_ROWS_MAX, inParts } from '../batches.js';
import type { Tables } from '../tables.js';

/** Keeps a job and its new events: both or neither. Idempotent; an older state never replaces a newer one. */
export async function saveJob(db: Kysely<Tables>, view: JobView, events: readonly JobEvent[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if (!(await writeView(transaction, view))) return;
    for (const part of inParts(events, INSERT_ROWS_MAX)) {
      await transaction
        .insertInto('job_events')
        .values(
          part.map(({ offset, time, body }) => ({ job: view.id, offset, time, body: JSON.stringify(body) })),
        )
        .onConflict((conflict) => conflict.columns(['job', 'offset']).doNothing())
        .execute();
    }
    await transaction
      .deleteFrom('job_events')
      .where('job', '=', view.id)
      .where('offset', '<', view.firstOffset)
      .execute();
  });
}

/** False when the store knows a newer state already. */
async function writeView(transaction: Transaction<Tables>, view: JobView): Promise<boolean> {
  const facts = {
    status: view.status,
    ended_at: view.endedAt,
    last_offset: view.lastOffset,
    view: JSON.stringify(view),
  };
  const written = await transaction
    .insertInto('jobs')
    .values({ id: view.id, kind: view.kind, created_at: view.createdAt, ...facts })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(facts).where('jobs.last_offset', '<=', view.lastOffset),
    )
    .returning('id')
    .executeTakeFirst();
  return written !== undefined;
}
