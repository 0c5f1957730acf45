import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { InstanceStatus, BranchStatus } from '../../core/instance-status.js';
import { HoldfastError } from './errors.js';
import { toSummary, type InstanceSummary } from './list-instances.js';
import { liveRunsOf, type LiveRun } from './live-runs.js';
import { callServer } from './server-call.js';
import { NO_WORKER_ANSWERS } from './status-words.js';

/** A living worker answers a query in milliseconds; a person should not wait longer to learn that there is none. */
export const QUERY_DEADLINE_MS = 5_000;

/** A branch with the live figures of its current run. */
export interface BranchView extends BranchStatus {
  /** Null while there is no run, or before the host's first report. */
  readonly live: LiveRun | null;
}

/** One instance with everything that is known of it. */
export interface InstanceView extends InstanceSummary {
  /** What the workflow says of itself; null when no worker answers. */
  readonly status: InstanceStatus | null;
  /** Why there is no status, in words. */
  readonly statusProblem: string | null;
  readonly branches: readonly BranchView[];
  /** Why it failed, for an instance in `error` whose workflow is closed. */
  readonly failure: { readonly cause: string; readonly message: string } | null;
}

/**
 * Everything about one instance: its own status (a query), and the live figures of its runs (the newest heartbeats).
 * Without a worker the query cannot be answered: what the server knows is shown then, with the reason.
 * @param id whole workflow id
 * @throws {WorkflowNotFoundError} when the server does not know it
 */
export async function readInstance(client: Client, id: string): Promise<InstanceView> {
  const handle = client.workflow.getHandle(id);
  const description = await callServer(client, `describe ${id}`, () => handle.describe());
  const summary = toSummary(description);
  const [answer, runs, failure] = await Promise.all([
    queryStatus(client, id),
    liveRunsOf(client, description.raw),
    summary.closed === 'FAILED' ? failureOf(client, id, summary.runId) : null,
  ]);
  return { ...mergeStatus(summary, answer, runs), failure };
}

/** The answer to the query `status`, or the reason why there is none. */
export type StatusAnswer =
  | { readonly status: InstanceStatus; readonly problem: null }
  | { readonly status: null; readonly problem: string };

/** Asks a workflow for its status. Never throws for want of a worker. */
export async function queryStatus(
  client: Client,
  id: string,
  deadlineMs: number = QUERY_DEADLINE_MS,
): Promise<StatusAnswer> {
  try {
    const status = await callServer(
      client,
      `ask ${id} for its status`,
      () => client.workflow.getHandle(id).query<InstanceStatus>('status'),
      deadlineMs,
    );
    return { status, problem: null };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    if (error instanceof HoldfastError && (error.code === 'unreachable' || error.code === 'refused'))
      throw error;
    const silent =
      error instanceof HoldfastError && (error.code === 'timed_out' || error.code === 'no_worker');
    const reason = silent ? NO_WORKER_ANSWERS : error instanceof Error ? error.message : String(error);
    return { status: null, problem: reason };
  }
}

/** Puts together what index, workflow and hosts say. The workflow's own word outranks the index, which lags. */
export function mergeStatus(
  summary: InstanceSummary,
  answer: StatusAnswer,
  runs: readonly LiveRun[],
): InstanceView {
  const { status } = answer;
  const branches = (status?.branches ?? []).map((branch) => ({
    ...branch,
    live: runs.find((run) => run.runKey === branch.runKey) ?? null,
  }));
  return {
    ...summary,
    state: summary.open && status !== null ? status.state : summary.state,
    host: status?.host ?? summary.host,
    startedAt: status?.startedAt ?? summary.startedAt,
    status,
    statusProblem: answer.problem,
    branches,
    failure: null,
  };
}

/** Why a closed execution failed; null when it did not. */
export async function failureOf(client: Client, id: string, runId: string): Promise<InstanceView['failure']> {
  try {
    await callServer(client, `read the end of ${id}`, () => client.workflow.getHandle(id, runId).result());
    return null;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const type =
      cause !== undefined && 'type' in cause && typeof cause.type === 'string' ? cause.type : 'unknown';
    return { cause: type, message: cause?.message ?? error.message };
  }
}
