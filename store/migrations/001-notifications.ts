import { sql, type Kysely } from 'kysely';
import type { Engine } from '../engine.js';

/** Notifications, and the outbox from which sinks are fed. */
export async function createNotifications(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('notifications')
    .addColumn('sequence', engine === 'sqlite' ? 'integer' : 'bigserial', (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('branch', 'text')
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('cause', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('recorded_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('notifications_instance')
    .on('notifications')
    .columns(['instance', 'sequence'])
    .execute();
  await db.schema
    .createIndex('notifications_recorded_at')
    .on('notifications')
    .column('recorded_at')
    .execute();
  await createDeliveries(db);
  await db.schema
    .createTable('sinks')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('min_level', 'text', (column) => column.notNull())
    .addColumn('instances', 'text')
    .addColumn('seen_at', 'text', (column) => column.notNull())
    .execute();
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('notification_id', 'text', (column) =>
      column.notNull().references('notifications.id').onDelete('cascade'),
    )
    .addColumn('sink', 'text', (column) => column.notNull())
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('pending', 'delivered', 'abandoned')`),
    )
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('recorded_at', 'text', (column) => column.notNull())
    .addColumn('next_attempt_at', 'text', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('claimed_until', 'text')
    .addColumn('last_error', 'text')
    .addColumn('delivered_at', 'text')
    .addPrimaryKeyConstraint('deliveries_key', ['notification_id', 'sink'])
    .execute();
  await sql`create index deliveries_pending on deliveries (sink, instance, sequence) where state = 'pending'`.execute(
    db,
  );
}
