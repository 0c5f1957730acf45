import { sql, type Expression, type Kysely, type SelectQueryBuilder, type SqlBool } from 'kysely';
import type { ItemEnclosure, ParsedItem } from '../../core/items.js';
import type { Tables } from '../tables.js';

export interface ItemQuery {
  readonly source?: string;
  /** ISO 8601: only items first seen then or later. */
  readonly since?: string;
  /** ISO 8601: only items first seen before. */
  readonly until?: string;
  /** Only items with this text in their title or summary, whatever its case. */
  readonly contains?: string;
  /** Cursors: only items with a greater number, or with a smaller one. */
  readonly after?: number;
  readonly before?: number;
  /** At most this many, 1 to 1,000. */
  readonly limit: number;
  /** Oldest first instead of newest first. */
  readonly oldestFirst?: boolean;
  /** With their content, which may be long; null otherwise. */
  readonly withContent?: boolean;
}

/** An item as it is kept. Instants are ISO 8601, UTC. */
export interface StoredItem extends Omit<ParsedItem, 'id' | 'fingerprint'> {
  /** Order in which the store took them; a cursor. */
  readonly number: number;
  readonly source: string;
  readonly firstSeenAt: string;
  /** Last time it was listed, or known to be still listed. */
  readonly lastSeenAt: string;
  /** When it changed last; null when it never did. */
  readonly changedAt: string | null;
  /** 1 for an item as it was first seen. */
  readonly revision: number;
}

/** What an item was before it changed. */
export interface ItemRevision extends Pick<
  ParsedItem,
  'link' | 'title' | 'updated' | 'summary' | 'content' | 'author'
> {
  readonly revision: number;
  readonly replacedAt: string;
}

const LIMIT_MAX = 1_000;
/** Years outside of these are written with more digits, and would not compare. */
const FIRST_INSTANT_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_INSTANT_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Items in the order in which they were stored, the newest first unless asked otherwise. */
export async function listItems(db: Kysely<Tables>, query: ItemQuery): Promise<StoredItem[]> {
  const rows = await db
    .selectFrom('items')
    .innerJoin('sources', 'sources.source', 'items.source')
    .select([
      'sequence',
      'items.source',
      'guid',
      'link',
      'title',
      'published',
      'updated',
      'summary',
      'author',
      'categories',
      'enclosures',
      'image',
    ])
    .select(['first_seen_at', 'last_seen_at', 'changed_at', 'revision', 'confirmed_at'])
    .$if(query.withContent === true, (select) => select.select('content'))
    .$call((select) => matching(select, query))
    .orderBy('sequence', query.oldestFirst === true ? 'asc' : 'desc')
    .limit(Math.min(Math.max(Math.trunc(query.limit), 1), LIMIT_MAX))
    .execute();
  return rows.map((row) => ({
    number: row.sequence,
    source: row.source,
    guid: row.guid,
    link: row.link,
    title: row.title,
    published: row.published,
    updated: row.updated,
    summary: row.summary,
    content: row.content ?? null,
    author: row.author,
    categories: row.categories === null ? [] : (JSON.parse(row.categories) as string[]),
    enclosures: row.enclosures === null ? [] : (JSON.parse(row.enclosures) as ItemEnclosure[]),
    image: row.image,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at ?? row.confirmed_at ?? row.first_seen_at,
    changedAt: row.changed_at,
    revision: row.revision,
  }));
}

function matching<Output>(
  select: SelectQueryBuilder<Tables, 'items' | 'sources', Output>,
  { source, since, until, contains, after, before }: ItemQuery,
): SelectQueryBuilder<Tables, 'items' | 'sources', Output> {
  return select
    .$if(source !== undefined, (chosen) => chosen.where('items.source', '=', source as string))
    .$if(since !== undefined, (chosen) => chosen.where('first_seen_at', '>=', instant(since as string)))
    .$if(until !== undefined, (chosen) => chosen.where('first_seen_at', '<', instant(until as string)))
    .$if(after !== undefined, (chosen) => chosen.where('sequence', '>', after as number))
    .$if(before !== undefined, (chosen) => chosen.where('sequence', '<', before as number))
    .$if(contains !== undefined, (chosen) =>
      chosen.where((where) => where.or(textConditions(contains as string))),
    );
}

/** One for each column and way of writing: SQLite knows upper and lower case of ASCII letters only. */
function textConditions(text: string): Expression<SqlBool>[] {
  const begin = text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  const written = new Set([text, text.toLowerCase(), text.toUpperCase(), begin]);
  return [...written].flatMap((way) => {
    const pattern = `%${way.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return (['title', 'summary'] as const).map(
      (column) => sql<SqlBool>`lower(${sql.ref(`items.${column}`)}) like lower(${pattern}) escape '\\'`,
    );
  });
}

/** As instants are kept: of fixed width, so that they compare as texts. */
function instant(text: string): string {
  const ms = Math.min(Math.max(Date.parse(text), FIRST_INSTANT_MS), LAST_INSTANT_MS);
  return new Date(ms).toISOString();
}

/** Items stored since the store was made, also those that are not kept any more. */
export async function countStoredItems(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom('item_counter').select('last').executeTakeFirst();
  return row?.last ?? 0;
}

/** Former versions of an item, the newest first; the last ten are kept. */
export async function listRevisions(db: Kysely<Tables>, item: number): Promise<ItemRevision[]> {
  const rows = await db
    .selectFrom('item_revisions')
    .selectAll()
    .where('item', '=', item)
    .orderBy('revision', 'desc')
    .execute();
  return rows.map(({ item: _item, replaced_at: replacedAt, ...version }) => ({ ...version, replacedAt }));
}
