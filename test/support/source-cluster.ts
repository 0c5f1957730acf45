import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Cluster } from './cluster.js';

/** A source on a server of the test, fetched as often as the test needs it. */
export async function startSource(
  cluster: Cluster,
  entry: { readonly id: string; readonly url: string } & Record<string, unknown>,
): Promise<WorkflowHandle> {
  return await cluster.client.workflow.start('source', {
    workflowId: `source/${entry.id}`,
    taskQueue: 'holdfast',
    args: [{ allow_private: true, allow_fast: true, ...entry }],
  });
}

/** A cycle as the history has it. */
export interface CycleInHistory {
  readonly maximumAttempts: number;
  /** Wait before the second attempt, and by how much each further one is longer. */
  readonly firstWaitMs: number;
  readonly waitFactor: number;
  /** Attempt that was the last one. */
  readonly attempt: number;
  /** Type of the failure it ended with; null when it did not fail. */
  readonly cause: string | null;
  /** Outcome of a cycle that did not fail; null otherwise. */
  readonly outcome: string | null;
  readonly scheduledAtMs: number;
}

/** The cycles of a source that have ended, oldest first. */
export async function cyclesOf(handle: WorkflowHandle): Promise<CycleInHistory[]> {
  const events = (await handle.fetchHistory()).events ?? [];
  const byId = new Map(events.map((event) => [String(event.eventId), event]));
  return events.flatMap((event): CycleInHistory[] => {
    const failed = event.activityTaskFailedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const ended = failed ?? completed;
    if (ended === undefined || ended === null) return [];
    const scheduled = byId.get(String(ended.scheduledEventId));
    const asked = scheduled?.activityTaskScheduledEventAttributes;
    if (asked?.activityType?.name !== 'runCycle') return [];
    const started = byId.get(String(ended.startedEventId))?.activityTaskStartedEventAttributes;
    const [payload] = completed?.result?.payloads ?? [];
    const result =
      payload === undefined ? null : defaultPayloadConverter.fromPayload<{ outcome: string }>(payload);
    const { seconds, nanos } = scheduled?.eventTime ?? {};
    return [
      {
        maximumAttempts: asked.retryPolicy?.maximumAttempts ?? 0,
        firstWaitMs: Number(asked.retryPolicy?.initialInterval?.seconds ?? 0) * 1_000,
        waitFactor: asked.retryPolicy?.backoffCoefficient ?? 0,
        attempt: started?.attempt ?? 0,
        cause: failed?.failure?.applicationFailureInfo?.type ?? null,
        outcome: result?.outcome ?? null,
        scheduledAtMs: Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6,
      },
    ];
  });
}
