import type { Kysely } from 'kysely';
import type { Engine } from '../engine.js';

/** Alerts about sources that wait to be grouped, and what all processes know together. */
export async function createSourceAlerts(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('source_alerts')
    .addColumn('sequence', engine === 'sqlite' ? 'integer' : 'bigserial', (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
    .addColumn('alert', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('shared_state')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text')
    .execute();
}
