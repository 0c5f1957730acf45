import type { Client, DescribeWorkflowExecutionResponse } from '@temporalio/client';
import type { RunHeartbeat } from '../../core/run.js';

/** Activity that keeps a run; its heartbeats carry the live figures. */
const RUN_ACTIVITY = 'startRun';

type PendingActivity = NonNullable<DescribeWorkflowExecutionResponse['pendingActivities']>[number];
type Payload = NonNullable<NonNullable<PendingActivity['heartbeatDetails']>['payloads']>[number];

/** A run as its host last reported it. */
export interface LiveRun extends RunHeartbeat {
  /** When the report reached the server. ISO 8601, UTC. */
  readonly reportedAt: string | null;
  /** Temporal's attempt: more than one after the host or its worker was lost. */
  readonly hostAttempt: number;
  /** The worker that reported. */
  readonly worker: string;
}

/** Reads the live figures of every pending run out of what Temporal describes. Costs no history and no query. */
export async function liveRunsOf(
  client: Client,
  described: DescribeWorkflowExecutionResponse,
): Promise<LiveRun[]> {
  const runs: LiveRun[] = [];
  for (const activity of described.pendingActivities ?? []) {
    if (activity.activityType?.name !== RUN_ACTIVITY) continue;
    const heartbeat = await decodeHeartbeat(client, activity);
    if (heartbeat === undefined) continue;
    runs.push({
      ...heartbeat,
      reportedAt: isoOf(activity.lastHeartbeatTime),
      hostAttempt: activity.attempt ?? 1,
      worker: activity.lastWorkerIdentity ?? '',
    });
  }
  return runs;
}

async function decodeHeartbeat(client: Client, activity: PendingActivity): Promise<RunHeartbeat | undefined> {
  const [first] = activity.heartbeatDetails?.payloads ?? [];
  if (first === undefined) return undefined;
  try {
    const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
    let payloads: Payload[] = [first];
    for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
    const [decoded] = payloads;
    const value: unknown = decoded === undefined ? undefined : payloadConverter.fromPayload(decoded);
    return isHeartbeat(value) ? value : undefined;
  } catch {
    // Written by another version or with a codec we lack: the instance is shown without live figures.
    return undefined;
  }
}

function isHeartbeat(value: unknown): value is RunHeartbeat {
  return typeof value === 'object' && value !== null && 'runKey' in value && typeof value.runKey === 'string';
}

function isoOf(time: PendingActivity['lastHeartbeatTime']): string | null {
  if (time?.seconds === undefined || time.seconds === null) return null;
  return new Date(Number(time.seconds) * 1_000 + (time.nanos ?? 0) / 1e6).toISOString();
}
