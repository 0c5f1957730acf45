import type { Kysely } from 'kysely';

/** Jobs as their workflows last told them, and the events that are kept of each. */
export async function createJobs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('last_offset', 'integer', (column) => column.notNull())
    .addColumn('view', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('jobs_created').on('jobs').columns(['created_at', 'id']).execute();
  await db.schema.createIndex('jobs_ended').on('jobs').column('ended_at').execute();
  await db.schema
    .createTable('job_events')
    .addColumn('job', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('offset', 'integer', (column) => column.notNull())
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_events_key', ['job', 'offset'])
    .execute();
  await db.schema
    .createTable('job_values')
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_values_key', ['job', 'name'])
    .execute();
  await db.schema.createIndex('job_values_saved').on('job_values').column('saved_at').execute();
}
