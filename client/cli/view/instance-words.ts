import type { InstanceView } from '../../library/read-instance.js';
import { NO_WORKER_ANSWERS } from '../../library/status-words.js';
import { humanSince } from './words.js';

/** What matters most in one line: what it is doing if that needs words, otherwise the last thing that happened. */
export function detailOf(row: InstanceView, nowMs: number): string {
  if (row.failure !== null) return `${row.failure.cause}: ${row.failure.message}`;
  if (!row.open) return row.closed === null || row.closed === 'COMPLETED' ? '' : row.closed.toLowerCase();
  if (row.status === null) return row.statusProblem === NO_WORKER_ANSWERS ? row.statusProblem : '';
  if (row.state !== 'running') return row.status.detail;
  const [last] = row.status.incidents;
  if (last === undefined) return '';
  const where = row.branches.length > 1 ? `${last.branch}: ` : '';
  return `last incident ${humanSince(last.at, nowMs)} ago: ${where}${last.cause}, ${last.detail}`;
}
