import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { Incident } from '../../core/instance-status.js';
import { until, type Cluster } from './cluster.js';
import { timersOf } from './workflow-history.js';

/** What has become of one branch, as the store, the history and the status tell it. */
export interface Course {
  /** Level and text of everything that people were told of it, in order. */
  readonly told: readonly string[];
  /** Seconds of each pause before an attempt. */
  readonly pauses: readonly number[];
  /** What the Web UI shows of these pauses. */
  readonly summaries: readonly string[];
  /** Oldest first; a status keeps only the newest of all branches. */
  readonly incidents: readonly Incident[];
}

/** Reads the course of a branch: its pauses are those whose timers name it and the evidence `detail`. */
export async function courseOf(
  cluster: Cluster,
  id: string,
  branch: string,
  detail: RegExp,
): Promise<Course> {
  const [status, told, timers] = await Promise.all([
    cluster.status(id),
    toldOf(cluster, id, branch),
    timersOf(cluster.client.workflow.getHandle(id)),
  ]);
  const prefix = `${branch}: retrying `;
  const pauses = timers.filter(({ summary }) => summary.startsWith(prefix) && detail.test(summary));
  return {
    told,
    pauses: pauses.map(({ seconds }) => seconds),
    summaries: pauses.map(({ summary }) => summary),
    incidents: status.incidents.filter((incident) => incident.branch === branch).toReversed(),
  };
}

/** Level and text of everything that people were told of a branch, in order. */
export async function toldOf(cluster: Cluster, id: string, branch: string): Promise<string[]> {
  const all = await cluster.notifications();
  return all
    .filter((notification) => notification.instance === id && notification.branch === branch)
    .map(({ level, message }) => `${level}: ${message}`);
}

/** Waits until a branch was told of so many times. */
export async function untilTold(
  cluster: Cluster,
  id: string,
  branch: string,
  count: number,
  timeoutMs = 60_000,
): Promise<string[]> {
  let told: string[] = [];
  await until(
    async () => (told = await toldOf(cluster, id, branch)).length >= count,
    timeoutMs,
    () => `${count} notifications of ${branch} of ${id}; there are: ${told.join('; ')}`,
  );
  return told;
}

/** Type and text of the failure with which a workflow has ended; waits for its end. */
export async function failureOf(handle: WorkflowHandle): Promise<{ type: string; message: string }> {
  const outcome: unknown = await handle.result().catch((error: unknown) => error);
  if (!(outcome instanceof WorkflowFailedError)) throw new Error(`not failed: ${JSON.stringify(outcome)}`);
  if (!(outcome.cause instanceof ApplicationFailure)) throw outcome;
  return { type: outcome.cause.type ?? '', message: outcome.cause.message };
}

/** The states of an instance in their order, from the search attribute. */
export async function statesOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const states = (events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upserted }) => {
    const payload = upserted?.searchAttributes?.indexedFields?.['HoldfastState'];
    return payload ? [String(defaultPayloadConverter.fromPayload(payload))] : [];
  });
  return states.filter((state, index) => state !== states[index - 1]);
}
