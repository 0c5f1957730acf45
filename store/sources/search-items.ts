import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { SearchTerm, Topic } from '../../core/search/index.js';
import type { Engine } from '../engine.js';
import type { Tables } from '../tables.js';
import type { StoredItem } from './list-items.js';

export interface ItemSearch {
  readonly topic: Topic;
  /** Names of sources; every one when absent. */
  readonly sources?: readonly string[];
  /** Only items of this period by `FoundItem.date`, to the second: from (inclusive) to (exclusive), ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** At most this many, 1 to 500: the best matches. */
  readonly limit: number;
}

/** An item that matches a topic. */
export interface FoundItem extends Pick<
  StoredItem,
  'number' | 'source' | 'link' | 'title' | 'summary' | 'content' | 'author' | 'firstSeenAt'
> {
  /** When it was published or updated, or first seen where the source says nothing or a later date. ISO 8601, UTC. */
  readonly date: string;
}

const FOUND_MAX = 500;
/** Of the content of a found item: enough to sum it up, and little enough for all of them at once. */
const CONTENT_CHARACTERS_MAX = 20_000;
/** A word in the title says more about an item than one in its text. */
const TITLE_WEIGHT = 5;
const TO_THE_SECOND = '2026-01-02T03:04:05'.length;

/** Items of a period that match a topic, the best matches first and the newest of equal ones. */
export async function searchItems(
  db: Kysely<Tables>,
  engine: Engine,
  search: ItemSearch,
): Promise<FoundItem[]> {
  if (search.sources?.length === 0) return [];
  const index = engine === 'sqlite' ? sqliteIndex(search.topic) : postgresIndex(search.topic);
  const sources =
    search.sources === undefined ? sql`` : sql`and items.source in (${sql.join([...search.sources])})`;
  const date = sql`case when coalesce(items.published, items.updated) < items.first_seen_at
    then coalesce(items.published, items.updated) else items.first_seen_at end`;
  const second = sql`substr(${date}, 1, ${sql.lit(TO_THE_SECOND)})`;
  const { rows } = await sql<FoundItem>`
    select items.sequence as "number", items.source, items.link, items.title, items.summary,
      substr(items.content, 1, ${sql.lit(CONTENT_CHARACTERS_MAX)}) as content, items.author,
      items.first_seen_at as "firstSeenAt", ${date} as "date"
    from ${index.tables}
    where ${index.matches} ${sources} and ${second} >= ${secondOf(search.from)} and ${second} < ${secondOf(search.to)}
    order by ${index.rank} desc, items.sequence desc
    limit ${sql.lit(Math.min(Math.max(Math.trunc(search.limit), 1), FOUND_MAX))}
  `.execute(db);
  return rows;
}

function secondOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, TO_THE_SECOND);
}

/** How a database finds a topic, and how well an item matches it. */
interface SearchIndex {
  readonly tables: RawBuilder<unknown>;
  readonly matches: RawBuilder<unknown>;
  readonly rank: RawBuilder<unknown>;
}

/** Tokens hold only letters and digits, so they need no escaping in either language. */
function sqliteIndex({ groups, excluded }: Topic): SearchIndex {
  const term = ({ tokens, isPrefix }: SearchTerm): string => `"${tokens.join(' ')}"${isPrefix ? '*' : ''}`;
  const anyOf = (terms: readonly SearchTerm[]): string => `(${terms.map(term).join(' OR ')})`;
  const wanted = groups.map(anyOf).join(' AND ');
  const query = excluded.length === 0 ? wanted : `(${wanted}) NOT ${anyOf(excluded)}`;
  return {
    tables: sql`item_search join items on items.sequence = item_search.rowid`,
    matches: sql`item_search match ${query}`,
    rank: sql`-bm25(item_search, ${sql.lit(TITLE_WEIGHT)}, 1)`,
  };
}

function postgresIndex({ groups, excluded }: Topic): SearchIndex {
  const term = ({ tokens, isPrefix }: SearchTerm): string =>
    tokens
      .map((token, index) => `'${token}'${isPrefix && index === tokens.length - 1 ? ':*' : ''}`)
      .join(' <-> ');
  const anyOf = (terms: readonly SearchTerm[]): string =>
    `(${terms.map((one) => `(${term(one)})`).join(' | ')})`;
  const query = [...groups.map(anyOf), ...(excluded.length === 0 ? [] : [`!${anyOf(excluded)}`])].join(' & ');
  const asked = sql`to_tsquery('simple', ${query})`;
  return {
    tables: sql`items`,
    matches: sql`items.search @@ ${asked}`,
    // The last number weighs matches by the length of the text, as the other database does.
    rank: sql`ts_rank(${sql.lit(`{${1 / TITLE_WEIGHT}, ${1 / TITLE_WEIGHT}, ${1 / TITLE_WEIGHT}, 1}`)}::real[], items.search, ${asked}, 1)`,
  };
}
