import type { Kysely } from 'kysely';
import type { JobEvent, JobEventBody, JobKind, JobState, JobView } from '../../core/jobs/index.js';
import type { Tables } from '../tables.js';

/** Most jobs of one answer. */
const JOBS_LISTED_MAX = 1_000;

/** The largest offset that both databases can compare with; no log gets there. */
const OFFSET_MAX = 2 ** 31 - 1;

/** A job and what it told after some event. */
export interface StoredJob {
  readonly view: JobView;
  readonly events: readonly JobEvent[];
}

export interface JobQuery {
  readonly kind?: JobKind;
  readonly status?: JobState;
  /** 100 when absent; 1,000 at most. */
  readonly limit?: number;
}

/**
 * A job with its events after an offset, oldest first; null when the store does not know it. The view may be newer than
 * the events: there is more to read while its `lastOffset` is beyond them.
 */
export async function readJob(
  db: Kysely<Tables>,
  id: string,
  afterOffset: number,
  limit: number,
): Promise<StoredJob | null> {
  const events = await db
    .selectFrom('job_events')
    .select(['offset', 'time', 'body'])
    .where('job', '=', id)
    .where('offset', '>', Math.min(afterOffset, OFFSET_MAX))
    .orderBy('offset')
    .limit(limit)
    .execute();
  const row = await db.selectFrom('jobs').select('view').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : { view: JSON.parse(row.view) as JobView, events: events.map(toEvent) };
}

/** Jobs, the newest first, without their events. */
export async function listJobs(db: Kysely<Tables>, query: JobQuery): Promise<JobView[]> {
  let rows = db
    .selectFrom('jobs')
    .select('view')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(Math.min(query.limit ?? 100, JOBS_LISTED_MAX));
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind);
  if (query.status !== undefined) rows = rows.where('status', '=', query.status);
  return (await rows.execute()).map(({ view }) => JSON.parse(view) as JobView);
}

function toEvent(row: { offset: number; time: string; body: string }): JobEvent {
  return { offset: row.offset, time: row.time, body: JSON.parse(row.body) as JobEventBody };
}
