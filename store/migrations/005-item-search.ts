import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { itemSearchText } from '../../core/search/index.js';
import type { Engine } from '../engine.js';

/** Items that are indexed at once: few enough for a statement to end long before its time limit. */
const ITEMS_AT_ONCE = 200;

interface SearchedTables {
  readonly items: {
    readonly sequence: number;
    readonly title: string | null;
    readonly summary: string | null;
    readonly content: string | null;
    readonly author: string | null;
    readonly categories: string | null;
    readonly search_title: string | null;
    readonly search_text: string | null;
  };
}

/**
 * Full-text search over items. Their words are kept with them as both databases are to compare them; triggers keep the index in step,
 * and take title and summary as they are where an earlier version, which knows nothing of words, stores an item.
 */
export async function createItemSearch(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema.alterTable('items').addColumn('search_title', 'text').execute();
  await db.schema.alterTable('items').addColumn('search_text', 'text').execute();
  if (engine === 'sqlite') {
    await createSqliteIndex(db);
    await addWords(db, (first, last) => indexInSqlite(db, first, last));
    await createSqliteTriggers(db);
  } else {
    await createPostgresIndex(db);
    await addWords(db, () => Promise.resolve());
  }
}

/** Gives the items that are there their words, and tells which ones have got them: from a number to a number. */
async function addWords(
  untyped: Kysely<unknown>,
  onAdded: (first: number, last: number) => Promise<void>,
): Promise<void> {
  const db = untyped as Kysely<SearchedTables>;
  for (let next = 0; ;) {
    const rows = await db
      .selectFrom('items')
      .select(['sequence', 'title', 'summary', 'content', 'author', 'categories'])
      .where('sequence', '>=', next)
      .orderBy('sequence')
      .limit(ITEMS_AT_ONCE)
      .execute();
    const last = rows.at(-1)?.sequence;
    if (last === undefined) return;
    for (const { sequence, ...row } of rows) {
      const categories = JSON.parse(row.categories ?? '[]') as string[];
      const words = itemSearchText({ ...row, categories });
      await db.updateTable('items').set(words).where('sequence', '=', sequence).execute();
    }
    await onAdded(next, last);
    next = last + 1;
    // SQLite works inside this process: others of its tasks get their turn.
    await nextTurn();
  }
}

async function createSqliteIndex(db: Kysely<unknown>): Promise<void> {
  await sql`
    create virtual table item_search using fts5(
      search_title, search_text, content='items', content_rowid='sequence', tokenize='unicode61 remove_diacritics 0')
  `.execute(db);
}

/** What of a row is indexed: the same must be said again when it is to be removed from the index. */
function indexed(row: string) {
  return sql.raw(`${row}.sequence, coalesce(${row}.search_title, ${row}.title, ''),
    coalesce(${row}.search_text, ${row}.summary, '')`);
}

async function indexInSqlite(db: Kysely<unknown>, first: number, last: number): Promise<void> {
  await sql`
    insert into item_search (rowid, search_title, search_text)
    select ${indexed('items')} from items where sequence between ${first} and ${last}
  `.execute(db);
}

async function createSqliteTriggers(db: Kysely<unknown>): Promise<void> {
  const add = sql`insert into item_search (rowid, search_title, search_text) values (${indexed('new')});`;
  const remove = sql`
    insert into item_search (item_search, rowid, search_title, search_text) values ('delete', ${indexed('old')});`;
  await sql`create trigger items_search_insert after insert on items begin ${add} end`.execute(db);
  await sql`create trigger items_search_delete after delete on items begin ${remove} end`.execute(db);
  await sql`
    create trigger items_search_update after update of title, summary, search_title, search_text on items
    begin ${remove} ${add} end
  `.execute(db);
}

/** The index is made before it has anything to hold: made over all items at once it would take longer than a statement may. */
async function createPostgresIndex(db: Kysely<unknown>): Promise<void> {
  await sql`alter table items add column search tsvector`.execute(db);
  await sql`create index items_search on items using gin (search)`.execute(db);
  // The end of the title keeps a phrase from being found across it.
  await sql`
    create function items_search_words() returns trigger language plpgsql as $$
    begin
      new.search := ts_delete(
        setweight(to_tsvector('simple', coalesce(new.search_title, new.title, '')), 'A')
          || to_tsvector('simple', 'endoftitle')
          || to_tsvector('simple', coalesce(new.search_text, new.summary, '')),
        'endoftitle');
      return new;
    end $$
  `.execute(db);
  await sql`
    create trigger items_search_words before insert or update of title, summary, search_title, search_text on items
    for each row execute function items_search_words()
  `.execute(db);
}
