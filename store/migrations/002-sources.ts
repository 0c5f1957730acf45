import { sql, type Kysely } from 'kysely';

/** Sources: what they listed, when they were asked, and the announcements of new items. */
export async function createSources(db: Kysely<unknown>): Promise<void> {
  await createSourceTable(db);
  await createItems(db);
  await createCycles(db);
  await createAnnouncements(db);
}

async function createSourceTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sources')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('dedup', 'text')
    .addColumn('validators_for', 'text')
    .addColumn('etag', 'text')
    .addColumn('last_modified', 'text')
    .addColumn('listed_at', 'text')
    .addColumn('listed_from', 'text')
    .addColumn('listing_digest', 'text')
    .addColumn('confirmed_at', 'text')
    .addColumn('last_item_at', 'text')
    .addColumn('site', 'text')
    .addColumn('observed_at', 'text')
    .addColumn('unreached_since', 'text')
    .addColumn('status', 'text')
    .execute();
}

async function createItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('items')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('item_key', 'text', (column) => column.notNull())
    .addColumn('twin', 'text', (column) => column.notNull())
    .addColumn('guid', 'text')
    .addColumn('link', 'text')
    .addColumn('title', 'text')
    .addColumn('published', 'text')
    .addColumn('updated', 'text')
    .addColumn('summary', 'text')
    .addColumn('content', 'text')
    .addColumn('author', 'text')
    .addColumn('categories', 'text')
    .addColumn('enclosures', 'text')
    .addColumn('image', 'text')
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('first_seen_at', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'text')
    .addColumn('changed_at', 'text')
    .execute();
  // Also what makes it impossible to keep an item twice.
  await db.schema
    .createIndex('items_key')
    .on('items')
    .columns(['source', 'item_key', 'twin'])
    .unique()
    .execute();
  await db.schema.createIndex('items_source').on('items').columns(['source', 'sequence']).execute();
  await sql`create index items_listed on items (source) where last_seen_at is null`.execute(db);
  await db.schema.createIndex('items_first_seen_at').on('items').column('first_seen_at').execute();
  await db.schema
    .createTable('item_revisions')
    .addColumn('item', 'bigint', (column) =>
      column.notNull().references('items.sequence').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('link', 'text')
    .addColumn('title', 'text')
    .addColumn('updated', 'text')
    .addColumn('summary', 'text')
    .addColumn('content', 'text')
    .addColumn('author', 'text')
    .addColumn('replaced_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('item_revisions_key', ['item', 'revision'])
    .execute();
  await db.schema
    .createTable('item_counter')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('last', 'bigint', (column) => column.notNull())
    .execute();
  await sql`insert into item_counter (id, last) values (1, 0)`.execute(db);
}

async function createCycles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('source_cycles')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('cause', 'text')
    .addColumn('detail', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('latency_ms', 'integer')
    .addColumn('status', 'integer')
    .addColumn('wire_bytes', 'bigint', (column) => column.notNull())
    .addColumn('items', 'integer', (column) => column.notNull())
    .addColumn('new_items', 'integer', (column) => column.notNull())
    .addColumn('changed_items', 'integer', (column) => column.notNull())
    .addColumn('first_new_item', 'bigint')
    .addPrimaryKeyConstraint('source_cycles_key', ['source', 'id'])
    .execute();
  await db.schema
    .createTable('source_rollups')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('span', 'text', (column) => column.notNull().check(sql`span in ('hour', 'day')`))
    .addColumn('start', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    // A part of the key cannot be null: no cause is the empty text.
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('cycles', 'integer', (column) => column.notNull())
    .addColumn('new_items', 'integer', (column) => column.notNull())
    .addColumn('last_detail', 'text')
    .addColumn('last_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('source_rollups_key', ['source', 'span', 'start', 'outcome', 'cause'])
    .execute();
}

/** A delivery may be the announcement of an item: then it has a template and keeps a pause to the next one. */
async function createAnnouncements(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deliveries').addColumn('item', 'bigint').execute();
  await db.schema.alterTable('deliveries').addColumn('template', 'text').execute();
  await db.schema.alterTable('deliveries').addColumn('pace_ms', 'integer').execute();
  // Finds the last announcement of a source to a sink.
  await sql`create index deliveries_paced on deliveries (instance, sink, delivered_at) where pace_ms is not null`.execute(
    db,
  );
}
