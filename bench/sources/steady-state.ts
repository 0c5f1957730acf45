import { setTimeout as sleep } from 'node:timers/promises';
import { nextTickMs } from '../../core/schedule/index.js';
import { percentile } from '../statistics.js';
import { Farm } from './farm-process.js';
import type { FarmRequest } from './farm-messages.js';
import { Site } from './site.js';
import { healthyOnes, startAll } from './start-all.js';

const INTERVAL_MS = 60_000;
const CYCLES_A_DAY = 86_400_000 / INTERVAL_MS;
/** Ticks stand 54 to 66 s apart, so exactly one comes within this time before a request that is not later than that. */
const LOOK_BACK_MS = 50_000;
/** A minute would do on an idle machine. */
const FIRST_CYCLES_TIMEOUT_MS = 180_000;
/** Sources whose histories are measured. */
const SAMPLE = 20;

export interface SteadyState {
  readonly sources: number;
  readonly requests: number;
  readonly latenessP50Ms: number;
  readonly latenessP95Ms: number;
  readonly latenessMaxMs: number;
  /** Of one core. */
  readonly serverPercent: number;
  readonly workerPercent: number;
  readonly serverMegabytes: number;
  readonly workerMegabytes: number;
  readonly eventsPerDay: number;
}

/** Many sources each minute, once they all have had their first cycle. */
export async function measureSteadyState(sources: number, watchMs: number): Promise<SteadyState> {
  const farm = await Farm.start();
  const site = await Site.start(farm);
  try {
    await startAll(site, healthyOnes(site, sources), { every: '60s' });
    await untilAllAsked(farm, sources);
    // What was started together is spread by now.
    await sleep(INTERVAL_MS / 2);
    await farm.ask('report');
    const eventsBefore = await eventsOf(site);
    const before = [await site.serverUsage(), await site.workerUsage()];
    const beganMs = performance.now();
    await sleep(watchMs);
    const after = [await site.serverUsage(), await site.workerUsage()];
    const watchedSeconds = (performance.now() - beganMs) / 1_000;
    const { requests } = await farm.ask('report');
    const events = (await eventsOf(site)) - eventsBefore;
    const cyclesSampled = requests.filter(({ name }) => sampleNames().includes(name)).length;
    const late = requests.map(latenessMs);
    const percent = (index: number) =>
      (((after[index]?.cpuSeconds ?? 0) - (before[index]?.cpuSeconds ?? 0)) / watchedSeconds) * 100;
    return {
      sources,
      requests: requests.length,
      latenessP50Ms: percentile(late, 0.5),
      latenessP95Ms: percentile(late, 0.95),
      latenessMaxMs: Math.max(...late),
      serverPercent: percent(0),
      workerPercent: percent(1),
      serverMegabytes: after[0]?.megabytes ?? 0,
      workerMegabytes: after[1]?.megabytes ?? 0,
      eventsPerDay: (events / cyclesSampled) * CYCLES_A_DAY,
    };
  } finally {
    await site.close();
    await farm.close();
  }
}

/** From the tick of the source's grid to the request's arrival at the site. */
function latenessMs({ name, atMs }: FarmRequest): number {
  return atMs - nextTickMs({ id: name, intervalMs: INTERVAL_MS }, atMs - LOOK_BACK_MS, null);
}

async function untilAllAsked(farm: Farm, sources: number): Promise<void> {
  const asked = new Set<string>();
  const endAt = Date.now() + FIRST_CYCLES_TIMEOUT_MS;
  while (asked.size < sources) {
    if (Date.now() > endAt) throw new Error(`only ${asked.size} of ${sources} sources were asked`);
    await sleep(1_000);
    for (const { name } of (await farm.ask('report')).requests) asked.add(name);
  }
}

function sampleNames(): string[] {
  return Array.from({ length: SAMPLE }, (_, index) => `healthy-${index}`);
}

/** Events of the histories of the sampled sources together. */
async function eventsOf({ cluster }: Site): Promise<number> {
  const lengths = await Promise.all(
    sampleNames().map(async (name) => {
      const { historyLength } = await cluster.client.workflow.getHandle(`source/${name}`).describe();
      return historyLength;
    }),
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}
