import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { HttpCause } from '../../core/causes.js';
import {
  rollupOf,
  SPAN_MS,
  successRate,
  type CycleOutcome,
  type CycleRecord,
  type Rollup,
  type SuccessRate,
} from '../../core/source-health/index.js';
import type { SourceCyclesTable, SourceRollupsTable, Tables } from '../tables.js';

/** What a cycle has brought. */
export interface KeptCycle {
  readonly items: number;
  readonly newItems: number;
  readonly changedItems: number;
  /** Number of the first new item; the others follow it without holes. */
  readonly firstNewItem: number | null;
}

/** What storing a cycle had brought; null when it was not stored yet. */
export async function findCycle(
  transaction: Transaction<Tables>,
  source: string,
  id: string,
): Promise<KeptCycle | null> {
  const row = await transaction
    .selectFrom('source_cycles')
    .select([
      'items',
      'new_items as newItems',
      'changed_items as changedItems',
      'first_new_item as firstNewItem',
    ])
    .where('source', '=', source)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps a cycle among the last ones of its source. */
export async function keepCycle(
  transaction: Transaction<Tables>,
  cycle: CycleRecord & KeptCycle,
): Promise<void> {
  const row: Insertable<SourceCyclesTable> = {
    source: cycle.source,
    id: cycle.id,
    started_at: cycle.startedAt,
    outcome: cycle.outcome,
    cause: cycle.cause,
    detail: cycle.detail,
    attempts: cycle.attempts,
    latency_ms: cycle.latencyMs === null ? null : Math.round(cycle.latencyMs),
    status: cycle.status,
    wire_bytes: cycle.wireBytes,
    items: cycle.items,
    new_items: cycle.newItems,
    changed_items: cycle.changedItems,
    first_new_item: cycle.firstNewItem,
  };
  await transaction.insertInto('source_cycles').values(row).execute();
}

/** Counts a cycle in its hour. True when it is the first one of its kind there. */
export async function countCycle(
  transaction: Transaction<Tables>,
  cycle: CycleRecord,
  newItems: number,
): Promise<boolean> {
  const [cycles] = await addRollups(transaction, cycle.source, [rollupOf(cycle, newItems)]);
  return cycles === 1;
}

/** Adds to hours or days, each named once. Returns how many cycles they hold then. */
export async function addRollups(
  transaction: Transaction<Tables>,
  source: string,
  rollups: readonly Rollup[],
): Promise<number[]> {
  const rows = await transaction
    .insertInto('source_rollups')
    .values(rollups.map((rollup) => toRow(source, rollup)))
    .onConflict((conflict) =>
      conflict.columns(['source', 'span', 'start', 'outcome', 'cause']).doUpdateSet((of) => ({
        cycles: of('source_rollups.cycles', '+', of.ref('excluded.cycles')),
        new_items: of('source_rollups.new_items', '+', of.ref('excluded.new_items')),
        last_detail: of.ref('excluded.last_detail'),
        last_at: of.ref('excluded.last_at'),
      })),
    )
    .returning('cycles')
    .execute();
  return rows.map((row) => row.cycles);
}

/** Share of good cycles in the last 24 h, by whole hours. */
export async function dayRate(db: Kysely<Tables>, source: string, now: Date): Promise<SuccessRate> {
  const since = new Date(now.getTime() - SPAN_MS.day - SPAN_MS.hour).toISOString();
  const rows = await db
    .selectFrom('source_rollups')
    .select(({ fn }) => ['outcome', fn.sum<number | string>('cycles').as('cycles')])
    .where('source', '=', source)
    .where('span', '=', 'hour')
    .where('start', '>', since)
    .groupBy('outcome')
    .execute();
  return successRate(
    rows.map(({ outcome, cycles }) => ({ outcome: outcome as CycleOutcome, cycles: Number(cycles) })),
  );
}

function toRow(source: string, rollup: Rollup): Insertable<SourceRollupsTable> {
  return {
    source,
    span: rollup.span,
    start: rollup.start,
    outcome: rollup.outcome,
    cause: rollup.cause ?? '',
    cycles: rollup.cycles,
    new_items: rollup.newItems,
    last_detail: rollup.lastDetail,
    last_at: rollup.lastAt,
  };
}

/** A row as the rest of the program knows it. */
export function toRollup(row: Selectable<SourceRollupsTable>): Rollup {
  return {
    span: row.span,
    start: row.start,
    outcome: row.outcome as CycleOutcome,
    cause: row.cause === '' ? null : (row.cause as HttpCause),
    cycles: row.cycles,
    newItems: row.new_items,
    lastDetail: row.last_detail,
    lastAt: row.last_at,
  };
}

/** A row as the rest of the program knows it. */
export function toCycle(row: Selectable<SourceCyclesTable>): CycleRecord {
  return {
    id: row.id,
    source: row.source,
    startedAt: row.started_at,
    outcome: row.outcome as CycleOutcome,
    cause: row.cause as HttpCause | null,
    detail: row.detail,
    attempts: row.attempts,
    latencyMs: row.latency_ms,
    status: row.status,
    wireBytes: row.wire_bytes,
    items: row.items,
    newItems: row.new_items,
    changedItems: row.changed_items,
  };
}
