import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunEnd } from '../../core/run.js';
import type { Cluster } from '../../test/support/cluster.js';
import { until } from '../../test/support/cluster.js';
import { median, percentile } from '../statistics.js';

const RECOVERIES = 100;
const HTTP_WAIT_MS = 500;

export interface RecoveryFigures {
  readonly count: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** From the end of a process to the start of the next one, minus the configured delay, over 100 recoveries. */
export async function measureRecoveries(cluster: Cluster): Promise<RecoveryFigures> {
  const server = await failingServer();
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.ts`;
    const handle = await cluster.startStream({
      id: 'recoveries',
      resolver: { kind: 'direct', url },
      recovery: { http_wait: HTTP_WAIT_MS / 1_000 },
    });
    const runs = async () => (await cluster.status('stream/recoveries')).branches[0]?.run ?? 0;
    await until(async () => (await runs()) > RECOVERIES + 1, 300_000, 'a hundred recoveries');
    await handle.signal('stop');
    await handle.result();
    const ends = await runEnds(cluster, 'stream/recoveries');
    const added = ends.slice(1).map((end, index) => {
      const before = ends[index];
      return Date.parse(end.startedAt) - Date.parse(before?.endedAt ?? '') - HTTP_WAIT_MS;
    });
    return { count: added.length, medianMs: median(added), p99Ms: percentile(added, 0.99) };
  } finally {
    server.close();
  }
}

/** Answers every request with 503: a run ends as soon as it has begun. */
async function failingServer(): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(503, { connection: 'close' }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** How each run of a workflow has ended, oldest first, read from its histories. */
async function runEnds(cluster: Cluster, workflowId: string): Promise<RunEnd[]> {
  const ends: RunEnd[] = [];
  for await (const { runId } of cluster.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await cluster.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      const data = event.activityTaskCompletedEventAttributes?.result?.payloads?.[0]?.data;
      const result: unknown =
        data == null || data.length === 0 ? null : JSON.parse(Buffer.from(data).toString());
      if (isRunEnd(result)) ends.push(result);
    }
  }
  return ends.sort((left, right) => left.startedAt.localeCompare(right.startedAt));
}

function isRunEnd(value: unknown): value is RunEnd {
  return typeof value === 'object' && value !== null && 'runKey' in value && 'endedAt' in value;
}
