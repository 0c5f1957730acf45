import type { Kysely } from 'kysely';
import type { ItemEnclosure, ParsedItem } from '../../core/items.js';
import type { Tables } from '../tables.js';

export interface ItemQuery {
  readonly source?: string;
  /** ISO 8601: only items first seen then or later. */
  readonly since?: string;
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

/** Items in the order in which they were stored, the newest first unless asked otherwise. */
export async function listItems(db: Kysely<Tables>, query: ItemQuery): Promise<StoredItem[]> {
  const { source, since, after, before } = query;
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
    .$if(source !== undefined, (select) => select.where('items.source', '=', source as string))
    .$if(since !== undefined, (select) =>
      select.where('first_seen_at', '>=', new Date(since as string).toISOString()),
    )
    .$if(after !== undefined, (select) => select.where('sequence', '>', after as number))
    .$if(before !== undefined, (select) => select.where('sequence', '<', before as number))
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
