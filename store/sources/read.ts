import type { Kysely, Selectable } from 'kysely';
import {
  MONTH_MS,
  SPAN_MS,
  type Observation,
  type SourceFacts,
  type SourceStatus,
} from '../../core/source-health/index.js';
import type { SourcesTable, Tables } from '../tables.js';
import type { StoredValidators } from './cycle-input.js';
import { toCycle, toRollup } from './cycles.js';
import { CYCLES_MAX } from './tidy.js';

/** Sources read at once, so that no other query waits long. */
const SOURCES_AT_ONCE = 100;

/** What to ask the site with; null when there is nothing, or it was for another configuration. */
export async function readValidators(
  db: Kysely<Tables>,
  source: string,
  validatorsFor: string,
): Promise<StoredValidators | null> {
  const row = await db
    .selectFrom('sources')
    .select(['etag', 'last_modified', 'listed_at'])
    .where('source', '=', source)
    .where('validators_for', '=', validatorsFor)
    .executeTakeFirst();
  if (row === undefined || (row.etag === null && row.last_modified === null)) return null;
  return { etag: row.etag, lastModified: row.last_modified, listedAt: row.listed_at };
}

/** Keeps what the workflow of a source says about it. */
export async function saveStatus(db: Kysely<Tables>, source: string, status: SourceStatus): Promise<void> {
  const text = JSON.stringify(status);
  await db
    .insertInto('sources')
    .values({ source, status: text })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ status: text }))
    .execute();
}

/** What the last cycles of all sources say about the network. */
export async function readObservations(db: Kysely<Tables>, since: Date): Promise<Observation[]> {
  const rows = await db
    .selectFrom('sources')
    .select(['site', 'observed_at', 'unreached_since'])
    .where('observed_at', '>=', since.toISOString())
    .execute();
  return rows.map(({ site, observed_at: observedAt, unreached_since: since }) => ({
    site: site ?? '',
    atMs: Date.parse(observedAt ?? ''),
    reached: since === null,
    unreachedSinceMs: since === null ? null : Date.parse(since),
  }));
}

/** All that is known about the named sources, or about every one; in the order of their names. */
export async function readSources(
  db: Kysely<Tables>,
  names: readonly string[] | null,
  now: Date,
): Promise<SourceFacts[]> {
  const facts: SourceFacts[] = [];
  let last: string | null = null;
  for (;;) {
    const part: Selectable<SourcesTable>[] = await sourcesAfter(db, names, last);
    facts.push(...(await withFigures(db, part, now)));
    last = part.at(-1)?.source ?? null;
    if (part.length < SOURCES_AT_ONCE || last === null) return facts;
  }
}

async function sourcesAfter(
  db: Kysely<Tables>,
  names: readonly string[] | null,
  last: string | null,
): Promise<Selectable<SourcesTable>[]> {
  if (names?.length === 0) return [];
  return await db
    .selectFrom('sources')
    .selectAll()
    .$if(names !== null, (query) => query.where('source', 'in', names ?? []))
    .$if(last !== null, (query) => query.where('source', '>', last ?? ''))
    .orderBy('source')
    .limit(SOURCES_AT_ONCE)
    .execute();
}

async function withFigures(
  db: Kysely<Tables>,
  sources: readonly Selectable<SourcesTable>[],
  now: Date,
): Promise<SourceFacts[]> {
  if (sources.length === 0) return [];
  const names = sources.map(({ source }) => source);
  const cycles = await db.selectFrom('source_cycles').selectAll().where('source', 'in', names).execute();
  const rollups = await db
    .selectFrom('source_rollups')
    .selectAll()
    .where('source', 'in', names)
    .where('start', '>', new Date(now.getTime() - MONTH_MS - SPAN_MS.day).toISOString())
    .execute();
  const cyclesOf = bySource(cycles);
  const rollupsOf = bySource(rollups);
  return sources.map((row) => ({
    source: row.source,
    status: row.status === null ? null : (JSON.parse(row.status) as SourceStatus),
    recent: newest((cyclesOf.get(row.source) ?? []).map(toCycle)),
    rollups: (rollupsOf.get(row.source) ?? []).map(toRollup),
    lastGoodAt: row.confirmed_at,
    lastItemAt: row.last_item_at,
  }));
}

/** Old cycles are deleted once an hour: what is over the limit until then must not change the figures. */
function newest(cycles: readonly SourceFacts['recent'][number][]): SourceFacts['recent'] {
  return cycles
    .toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt))
    .slice(0, CYCLES_MAX);
}

function bySource<Row extends { readonly source: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.source);
    if (group === undefined) groups.set(row.source, [row]);
    else group.push(row);
  }
  return groups;
}
