import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Cluster, until } from '../../test/support/cluster.js';
import { processSeconds } from '../process-time.js';

const COUNTS = [10, 50, 200] as const;
const WATCH_MS = 30_000;
const TASK_QUEUE = 'bench';

export interface SupervisionCost {
  readonly runs: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMegabytes: number;
}

/** CPU and memory of a device worker that looks after trivial long-lived children. */
export async function measureSupervision(): Promise<SupervisionCost[]> {
  const cluster = await Cluster.start({ host: 'bench-host' });
  const connection = await NativeConnection.connect({ address: cluster.server.address });
  const starter = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./supervised-run.js', import.meta.url)),
    shutdownForceTime: '5s',
  });
  const starting = starter.run();
  try {
    const device = await cluster.startWorker('device');
    const costs: SupervisionCost[] = [];
    let started = 0;
    for (const count of COUNTS) {
      for (; started < count; started += 1) await startOne(cluster, started);
      await until(async () => (await runningRuns(cluster)) >= count, 120_000, `${count} runs`);
      await sleep(5_000);
      costs.push({ runs: count, ...(await watch(device.pid)) });
    }
    return costs;
  } finally {
    starter.shutdown();
    await starting;
    await connection.close();
    await cluster.close();
  }
}

async function startOne(cluster: Cluster, index: number): Promise<void> {
  await cluster.client.workflow.start('supervisedRun', {
    taskQueue: TASK_QUEUE,
    workflowId: `bench/run-${index}`,
    args: [cluster.host],
  });
}

async function runningRuns(cluster: Cluster): Promise<number> {
  const { processesOf } = await import('../../test/support/cluster.js');
  return (await processesOf(cluster.dataDir, /^sleep 86400/)).length;
}

async function watch(pid: number): Promise<Omit<SupervisionCost, 'runs'>> {
  const before = await processSeconds(pid);
  await sleep(WATCH_MS);
  const used = (await processSeconds(pid)) - before;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const rssKilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  return {
    cpuPercent: (used / (WATCH_MS / 1_000)) * 100,
    rssMegabytes: rssKilobytes / 1_024,
  };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
