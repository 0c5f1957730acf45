import { eachConcurrently } from '../../client/library/each-concurrently.js';
import type { JobSite } from '../../test/support/job-site.js';
import { callsBetween } from '../../test/support/observed-process.js';
import { processSeconds } from '../process-time.js';
import { Audience } from './audience.js';

/** Requests for jobs that are under way at the same time. */
const STARTS_AT_ONCE = 8;

/** Many jobs at the same time. */
export interface ManyResult {
  readonly jobs: number;
  readonly followed: boolean;
  /** From the first request to the end of the last job, as its client knows it where there is one. */
  readonly seconds: number;
  /** CPU seconds. */
  readonly gatewaySeconds: number;
  readonly workerSeconds: number;
  readonly serverSeconds: number;
  /** Requests of the gateway to Temporal for each job, its start included. */
  readonly callsPerJob: number;
}

/** Asks for so many digests at once; each is followed by a client, or by nobody. */
export async function measureMany(site: JobSite, jobs: number, followed: boolean): Promise<ManyResult> {
  const before = await site.observeGateway('collect');
  const secondsBefore = await secondsOf(site);
  const beganMs = performance.now();
  const audience = new Audience();
  const started: string[] = [];
  await eachConcurrently(Array.from({ length: jobs }), STARTS_AT_ONCE, async () => {
    const job = await site.startDigest('extractive');
    started.push(job);
    if (followed) audience.follow(job, 1);
  });
  if (followed) await audience.untilEnd();
  else await Promise.all(started.map((job) => endOf(site, job)));
  const seconds = (performance.now() - beganMs) / 1_000;
  const after = await site.observeGateway();
  const secondsAfter = await secondsOf(site);
  return {
    jobs,
    followed,
    seconds,
    gatewaySeconds: after.cpuSeconds - before.cpuSeconds,
    workerSeconds: secondsAfter.worker - secondsBefore.worker,
    serverSeconds: secondsAfter.server - secondsBefore.server,
    callsPerJob: callsBetween(before, after) / jobs,
  };
}

async function endOf(site: JobSite, job: string): Promise<void> {
  const name = job.split('/').at(-1) ?? '';
  await site.cluster.client.workflow.getHandle(`job/${name}`).result();
}

async function secondsOf({ worker, cluster }: JobSite): Promise<{ worker: number; server: number }> {
  return {
    worker: await processSeconds(worker.pid),
    server: await processSeconds(cluster.server.server.pid()),
  };
}
