import { setTimeout as sleep } from 'node:timers/promises';
import type { JobSite } from '../../test/support/job-site.js';
import { callsBetween, type Observation } from '../../test/support/observed-process.js';
import { median, percentile } from '../statistics.js';
import { Audience } from './audience.js';

/** The gateway reads a job on for a moment after its last client went, and connections take a moment to end. */
const REST_MS = 6_000;
const LOOK_EVERY_MS = 500;

/** One job with some clients. */
export interface CrowdResult {
  readonly clients: number;
  readonly events: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly endMs: number;
  /** Requests to Temporal for each second of the job. */
  readonly readsPerSecond: number;
  /** CPU of the gateway, of one core: before anybody came and while they were there. */
  readonly idlePercent: number;
  readonly busyPercent: number;
  readonly before: Observation;
  readonly peakResidentBytes: number;
  readonly after: Observation;
}

/** Follows one job that writes for a while with so many clients. */
export async function measureCrowd(site: JobSite, clients: number): Promise<CrowdResult> {
  const idle = await site.observeGateway('collect');
  const idleSinceMs = performance.now();
  await sleep(REST_MS);
  const idlePercent = percentBetween(
    idle,
    await site.observeGateway(),
    (performance.now() - idleSinceMs) / 1_000,
  );
  const before = await site.observeGateway('collect');
  const beganMs = performance.now();
  const audience = new Audience();
  audience.follow(await site.startDigest('llm'), clients);
  const peak = watchPeak(site);
  const delays = await audience.untilEnd();
  const seconds = (performance.now() - beganMs) / 1_000;
  const atEnd = await site.observeGateway();
  const peakResidentBytes = await peak();
  await sleep(REST_MS);
  return {
    clients,
    events: delays.events,
    medianMs: median(delays.toLastMs),
    p95Ms: percentile(delays.toLastMs, 0.95),
    endMs: delays.endToLastMs,
    readsPerSecond: callsBetween(before, atEnd) / seconds,
    idlePercent,
    busyPercent: percentBetween(before, atEnd, seconds),
    before,
    peakResidentBytes,
    after: await site.observeGateway('collect'),
  };
}

/** Looks at the gateway's memory until the result is called, which gives the most that was seen. */
function watchPeak(site: JobSite): () => Promise<number> {
  const ended = new AbortController();
  let peakBytes = 0;
  const watching = (async () => {
    while (!ended.signal.aborted) {
      peakBytes = Math.max(peakBytes, (await site.observeGateway()).residentBytes);
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    ended.abort();
    await watching;
    return peakBytes;
  };
}

function percentBetween(before: Observation, after: Observation, seconds: number): number {
  return ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100;
}
