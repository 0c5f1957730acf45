import { loadavg } from 'node:os';
import { JobSite } from '../../test/support/job-site.js';
import { rounded, table } from '../statistics.js';
import { measureCrowd, type CrowdResult } from './crowd.js';
import { measureMany, type ManyResult } from './many.js';

const CROWDS = { full: [1, 500], quick: [1, 100] } as const;
const JOBS = { full: 100, quick: 20 } as const;
/** Words of each of four stories, and the pause between two. */
const WORDS = { full: 25, quick: 15 } as const;
const WORD_PAUSE_MS = 100;

/** One job with one client and with a crowd, and many jobs at once with and without clients. */
export async function benchJobs({ quick = false } = {}): Promise<string> {
  const size = quick ? 'quick' : 'full';
  const loadBefore = loadavg()[0] ?? 0;
  const site = await JobSite.start();
  try {
    const tokens = Array.from({ length: WORDS[size] }, (_, index) => `word${index} `);
    site.llm.usual = { kind: 'tokens', tokens, pauseMs: WORD_PAUSE_MS };
    // What the gateway loads and compiles only once is no cost of the first crowd.
    await measureMany(site, 4, true);
    const crowds: CrowdResult[] = [];
    for (const clients of CROWDS[size]) crowds.push(await measureCrowd(site, clients));
    const alone = await measureMany(site, JOBS[size], false);
    const followed = await measureMany(site, JOBS[size], true);
    return [
      `Load average before: ${rounded(loadBefore)}, after: ${rounded(loadavg()[0] ?? 0)}`,
      '## One job and its clients',
      delayTable(crowds),
      usageTable(crowds),
      '## Many jobs at once',
      manyTable([alone, followed]),
    ].join('\n\n');
  } finally {
    await site.close();
  }
}

function delayTable(crowds: readonly CrowdResult[]): string {
  const head = [
    'clients',
    'events',
    'from the event to the last client: median',
    '95th percentile',
    'from the end to the last client',
    'requests to Temporal a second',
  ];
  const row = (crowd: CrowdResult) => [
    String(crowd.clients),
    String(crowd.events),
    `${rounded(crowd.medianMs, 0)} ms`,
    `${rounded(crowd.p95Ms, 0)} ms`,
    `${rounded(crowd.endMs, 0)} ms`,
    rounded(crowd.readsPerSecond, 2),
  ];
  return table(head, crowds.map(row));
}

function usageTable(crowds: readonly CrowdResult[]): string {
  const head = [
    'clients',
    'gateway: CPU before',
    'CPU with them',
    'memory before',
    'at the peak',
    'after',
    'heap before',
    'after',
    'descriptors before',
    'after',
  ];
  const row = ({ clients, idlePercent, busyPercent, before, peakResidentBytes, after }: CrowdResult) => [
    String(clients),
    `${rounded(idlePercent)} %`,
    `${rounded(busyPercent)} %`,
    megabytes(before.residentBytes),
    megabytes(peakResidentBytes),
    megabytes(after.residentBytes),
    megabytes(before.usedBytes),
    megabytes(after.usedBytes),
    String(before.descriptors),
    String(after.descriptors),
  ];
  return table(head, crowds.map(row));
}

function manyTable(results: readonly ManyResult[]): string {
  const head = [
    'jobs',
    'followed',
    'time',
    'CPU: gateway',
    'worker',
    'Temporal server',
    'requests to Temporal a job',
  ];
  const row = (result: ManyResult) => [
    String(result.jobs),
    result.followed ? 'each by a client' : 'by nobody',
    `${rounded(result.seconds)} s`,
    `${rounded(result.gatewaySeconds)} s`,
    `${rounded(result.workerSeconds)} s`,
    `${rounded(result.serverSeconds)} s`,
    rounded(result.callsPerJob),
  ];
  return table(head, results.map(row));
}

function megabytes(bytes: number): string {
  return `${rounded(bytes / 1e6)} MB`;
}
