import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { STATES, type State } from '../../core/states.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { INSTANCE_KINDS, splitInstanceId } from './instance-kinds.js';
import { HOST_ATTRIBUTE, STATE_ATTRIBUTE } from './search-attributes.js';
import { callServer } from './server-call.js';

/** Closed executions of earlier days are listed too: reading stops here, with the open ones always first. */
const EXECUTIONS_READ_MAX = 5_000;

/** An instance as the server's index knows it, without asking its workflow. */
export interface InstanceSummary {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly state: State;
  readonly host: string | null;
  /** The workflow is running. A closed one has completed, failed or been terminated. */
  readonly open: boolean;
  /** How Temporal says the last execution ended, e.g. `FAILED`; null while it is open. */
  readonly closed: string | null;
  /** Start of the newest execution; a later one than the instance's after continue-as-new. ISO 8601, UTC. */
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly runId: string;
}

export interface ListFilter {
  readonly kind?: string;
  readonly state?: State;
}

/**
 * Every instance once, sorted by id: one request for each page of the server's index, whatever the number of
 * instances. The index lags a workflow by some milliseconds.
 */
export async function listInstances(client: Client, filter: ListFilter = {}): Promise<InstanceSummary[]> {
  const kinds = filter.kind === undefined ? INSTANCE_KINDS : [filter.kind];
  const newest = await newestExecutions(client, `WorkflowType IN (${kinds.map(quoted).join(', ')})`);
  return newest
    .map(toSummary)
    .filter((summary) => filter.state === undefined || summary.state === filter.state)
    .sort((left, right) => left.id.localeCompare(right.id));
}

/** The instances with exactly these ids, as far as the server knows them. */
export async function summariesOf(client: Client, ids: readonly string[]): Promise<InstanceSummary[]> {
  if (ids.length === 0) return [];
  return (await newestExecutions(client, `WorkflowId IN (${ids.map(quoted).join(', ')})`)).map(toSummary);
}

async function newestExecutions(client: Client, condition: string): Promise<WorkflowExecutionInfo[]> {
  const query = `TaskQueue = '${ORCHESTRATOR_TASK_QUEUE}' AND ExecutionStatus != 'ContinuedAsNew' AND ${condition}`;
  return callServer(client, 'list instances', async () => {
    const newest = new Map<string, WorkflowExecutionInfo>();
    let read = 0;
    for await (const info of client.workflow.list({ query, pageSize: 500 })) {
      const known = newest.get(info.workflowId);
      if (known === undefined || isNewer(info, known)) newest.set(info.workflowId, info);
      read += 1;
      if (read >= EXECUTIONS_READ_MAX) break;
    }
    return [...newest.values()];
  });
}

function isNewer(info: WorkflowExecutionInfo, known: WorkflowExecutionInfo): boolean {
  if ((info.status.name === 'RUNNING') !== (known.status.name === 'RUNNING')) {
    return info.status.name === 'RUNNING';
  }
  return info.startTime.getTime() > known.startTime.getTime();
}

/** Reads a summary from what Temporal lists or describes. */
export function toSummary(info: Omit<WorkflowExecutionInfo, 'raw'>): InstanceSummary {
  const { kind, name } = splitInstanceId(info.workflowId);
  const open = info.status.name === 'RUNNING' || info.status.name === 'PAUSED';
  return {
    id: info.workflowId,
    kind: kind === '' ? info.type : kind,
    name,
    state: stateOf(info, open),
    host: info.typedSearchAttributes.get(HOST_ATTRIBUTE) ?? null,
    open,
    closed: open ? null : info.status.name,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    runId: info.runId,
  };
}

function stateOf(info: Omit<WorkflowExecutionInfo, 'raw'>, open: boolean): State {
  if (!open) return info.status.name === 'FAILED' || info.status.name === 'TIMED_OUT' ? 'error' : 'stopped';
  const attribute = info.typedSearchAttributes.get(STATE_ATTRIBUTE);
  return STATES.find((state) => state === attribute) ?? 'starting';
}

/** A value inside a visibility query. */
function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
