import type { Kysely, Transaction } from 'kysely';
import {
  sourceState,
  type Grouping,
  type SourceAlert,
  type SourceStatus,
} from '../../core/source-health/index.js';
import { IN_LIST_MAX, INSERT_ROWS_MAX, inParts } from '../batches.js';
import { recordWithin } from '../notifications.js';
import { lockShared, readShared, writeShared, type SharedChange } from '../shared-state.js';
import type { Tables } from '../tables.js';

/** Where the alerts that are being grouped are kept. */
const GROUPING = 'alert_grouping';

/** What there is to be grouped. */
export interface GroupingFacts {
  readonly alerts: readonly SourceAlert[];
  /** Names of the sources that are down now. */
  readonly down: readonly string[];
  /** Sources that are watched: neither paused nor stopped. */
  readonly total: number;
}

/** Puts alerts where they wait to be grouped. Part of the transaction that keeps the cycle behind them. */
export async function keepAlerts(
  transaction: Transaction<Tables>,
  alerts: readonly SourceAlert[],
): Promise<void> {
  for (const part of inParts(alerts, INSERT_ROWS_MAX)) {
    const rows = part.map((alert) => ({ alert: JSON.stringify(alert) }));
    await transaction.insertInto('source_alerts').values(rows).execute();
  }
}

/**
 * Groups what has come in, if there is anything to do: takes the alerts, keeps the new state and records the notifications in one
 * transaction, one process at a time. False when there was nothing to do.
 */
export async function groupAlerts(
  db: Kysely<Tables>,
  now: Date,
  step: (before: Grouping | null, facts: GroupingFacts) => SharedChange<Grouping>,
): Promise<boolean> {
  if (!(await hasWork(db))) return false;
  return await db.transaction().execute(async (transaction) => {
    const before = await lockShared<Grouping>(transaction, GROUPING);
    const rows = await transaction
      .selectFrom('source_alerts')
      .selectAll()
      .orderBy('sequence')
      .limit(IN_LIST_MAX)
      .execute();
    const alerts = rows.map(({ alert }) => JSON.parse(alert) as SourceAlert);
    const { value, notifications } = step(before, { alerts, ...(await countDown(transaction, now)) });
    await writeShared(transaction, GROUPING, value);
    await recordWithin(transaction, notifications, now.toISOString());
    const taken = rows.map(({ sequence }) => sequence);
    if (taken.length > 0) {
      await transaction.deleteFrom('source_alerts').where('sequence', 'in', taken).execute();
    }
    return true;
  });
}

/** Without alerts and without anything under way the write lock is not taken. */
async function hasWork(db: Kysely<Tables>): Promise<boolean> {
  const alert = await db.selectFrom('source_alerts').select('sequence').limit(1).executeTakeFirst();
  if (alert !== undefined) return true;
  const grouping = await readShared<Grouping>(db, GROUPING);
  return grouping !== null && (grouping.pending.length > 0 || grouping.mostDown);
}

async function countDown(
  transaction: Transaction<Tables>,
  now: Date,
): Promise<Pick<GroupingFacts, 'down' | 'total'>> {
  const rows = await transaction
    .selectFrom('sources')
    .select(['source', 'status'])
    .where('status', 'is not', null)
    .orderBy('source')
    .execute();
  const watched = rows
    .map(({ source, status }) => ({ source, status: JSON.parse(status ?? 'null') as SourceStatus }))
    .filter(({ status }) => !['paused', 'stopped'].includes(sourceState(status, now.getTime())));
  const down = watched.filter(({ status }) => status.watch.confirmed === 'down');
  return { down: down.map(({ source }) => source), total: watched.length };
}
