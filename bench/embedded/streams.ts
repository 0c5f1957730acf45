import type { Cluster, WorkerProcess } from '../../test/support/cluster.js';
import { until } from '../../test/support/cluster.js';
import type { LiveSource } from '../../test/support/live-source/index.js';
import { median } from '../statistics.js';

const STOPS = 10;
const HEALTHY_MS = 90_000;
const DAY_MS = 86_400_000;

/** From the signal to the end of the workflow, which is after the end of the process. */
export async function measureStops(cluster: Cluster, source: LiveSource): Promise<number> {
  const latencies: number[] = [];
  for (let index = 0; index < STOPS; index += 1) {
    const handle = await cluster.startStream({
      id: `stop-${index}`,
      resolver: { kind: 'direct', url: source.urls.ts },
    });
    await cluster.untilState(`stream/stop-${index}`, 'running', 60_000);
    const before = Date.now();
    await handle.signal('stop');
    await handle.result();
    latencies.push(Date.now() - before);
  }
  return median(latencies);
}

export interface HealthyDay {
  /** Events of the history, all of them from the start. */
  readonly events: number;
  readonly heartbeatsPerDay: number;
}

/** A healthy stream, watched for a while: its history does not grow, its heartbeats are counted. */
export async function measureHealthyDay(cluster: Cluster, source: LiveSource): Promise<HealthyDay> {
  const handle = await cluster.startStream({
    id: 'healthy',
    resolver: { kind: 'direct', url: source.urls.ts },
  });
  await cluster.untilState('stream/healthy', 'running', 60_000);
  const beats = new Set<string>();
  const endAt = Date.now() + HEALTHY_MS;
  while (Date.now() < endAt) {
    const beat = await lastHeartbeat(cluster, 'stream/healthy');
    if (beat !== null) beats.add(String(beat));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { historyLength } = await handle.describe();
  await handle.signal('stop');
  await handle.result();
  return { events: historyLength, heartbeatsPerDay: ((beats.size - 1) / HEALTHY_MS) * DAY_MS };
}

/** From "ready" of a new worker to its first heartbeat for a run of the one that was shot. */
export async function measureRegained(
  cluster: Cluster,
  source: LiveSource,
  worker: WorkerProcess,
): Promise<number> {
  const handle = await cluster.startStream({
    id: 'regained',
    resolver: { kind: 'direct', url: source.urls.ts },
  });
  await cluster.untilState('stream/regained', 'running', 60_000);
  await until(async () => (await lastHeartbeat(cluster, 'stream/regained')) !== null, 30_000, 'a heartbeat');
  await worker.end('SIGKILL');
  const before = await lastHeartbeat(cluster, 'stream/regained');
  await cluster.startWorker();
  const readyAt = Date.now();
  await until(
    async () => (await lastHeartbeat(cluster, 'stream/regained')) !== before,
    60_000,
    'a heartbeat of the new worker',
  );
  const regainedMs = Math.max(0, Date.now() - readyAt);
  await handle.signal('stop');
  await handle.result();
  return regainedMs;
}

async function lastHeartbeat(cluster: Cluster, id: string): Promise<number | null> {
  const { raw } = await cluster.client.workflow.getHandle(id).describe();
  const pending = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'startRun');
  const time = pending?.lastHeartbeatTime;
  return time == null ? null : Number(time.seconds) * 1_000 + Math.round((time.nanos ?? 0) / 1e6);
}
