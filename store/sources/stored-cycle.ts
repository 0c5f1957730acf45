import type { Kysely } from 'kysely';
import type { CycleRecord, SourceStatus } from '../../core/source-health/index.js';
import type { Tables } from '../tables.js';
import { toCycle } from './cycles.js';

/** A cycle that is in the store already, and what its source has been since. */
export interface FoundCycle {
  readonly cycle: CycleRecord;
  readonly status: SourceStatus | null;
}

/** Finds a cycle by its id: whoever was lost after storing it must not make it again. Null when it is not there. */
export async function readStoredCycle(
  db: Kysely<Tables>,
  source: string,
  id: string,
): Promise<FoundCycle | null> {
  const row = await db
    .selectFrom('source_cycles')
    .innerJoin('sources', 'sources.source', 'source_cycles.source')
    .selectAll('source_cycles')
    .select('sources.status as source_status')
    .where('source_cycles.source', '=', source)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { source_status: status, ...cycle } = row;
  return { cycle: toCycle(cycle), status: status === null ? null : (JSON.parse(status) as SourceStatus) };
}
