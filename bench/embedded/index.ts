import { Cluster } from '../../test/support/cluster.js';
import { startLiveSource } from '../../test/support/live-source/index.js';
import { rounded, table } from '../statistics.js';
import { measureRecoveries } from './recoveries.js';
import { measureHealthyDay, measureRegained, measureStops } from './streams.js';
import { measureSupervision } from './supervision.js';

/** What supervision costs and how quick it is, with a server and workers of this machine. */
export async function benchEmbedded(): Promise<string> {
  const cluster = await Cluster.start();
  const source = await startLiveSource();
  try {
    const worker = await cluster.startWorker();
    const recoveries = await measureRecoveries(cluster);
    const stopMs = await measureStops(cluster, source);
    const day = await measureHealthyDay(cluster, source);
    const regainedMs = await measureRegained(cluster, source, worker);
    const figures = [
      [
        'from a run’s end to the next start, minus the delay: median',
        `${rounded(recoveries.medianMs, 0)} ms`,
        '60 ms',
      ],
      [`the same: 99th percentile of ${recoveries.count}`, `${rounded(recoveries.p99Ms, 0)} ms`, '150 ms'],
      ['from `stop` to the completed workflow: median', `${rounded(stopMs, 0)} ms`, '500 ms'],
      ['from a new worker’s ready to its first heartbeat', `${rounded(regainedMs, 0)} ms`, '2,000 ms'],
      ['history events of a healthy stream-day', String(day.events), '20'],
      ['heartbeats of a healthy stream-day', rounded(day.heartbeatsPerDay, 0), '–'],
    ];
    return ['## Supervision', table(['figure', 'measured', 'goal'], figures)].join('\n\n');
  } finally {
    await cluster.close();
    await source.close();
  }
}

/** What a device worker costs while it looks after many runs. */
export async function benchSupervision(): Promise<string> {
  const costs = await measureSupervision();
  const rows = costs.map(({ runs, cpuPercent, rssMegabytes }) => [
    String(runs),
    `${rounded(cpuPercent)} %`,
    `${rounded(rssMegabytes, 0)} MB`,
  ]);
  return ['## A device worker with trivial children', table(['runs', 'CPU, of one core', 'RSS'], rows)].join(
    '\n\n',
  );
}
