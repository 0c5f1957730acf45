import { setTimeout as sleep } from 'node:timers/promises';
import { Farm } from './farm-process.js';
import { usageOf } from './sample.js';
import { Site } from './site.js';
import { healthyOnes, startAll } from './start-all.js';

/** More than the machine can do: each source wants a cycle every second. */
const SOURCES = 400;
const WARM_UP_MS = 20_000;

/** What the machine sustains when more is wanted. */
export interface Ceiling {
  readonly cyclesPerSecond: number;
  /** Milliseconds of CPU for each cycle. */
  readonly serverMs: number;
  readonly workerMs: number;
  readonly farmMs: number;
}

/** Cycles a second with more sources than can be served, everything on this machine. */
export async function measureCeiling(watchMs: number): Promise<Ceiling> {
  const farm = await Farm.start();
  const site = await Site.start(farm);
  const cpuSeconds = async () => [
    (await site.serverUsage()).cpuSeconds,
    (await site.workerUsage()).cpuSeconds,
    (await usageOf([farm.pid])).cpuSeconds,
  ];
  try {
    await startAll(site, healthyOnes(site, SOURCES), { every: '1s' });
    await sleep(WARM_UP_MS);
    await farm.ask('report');
    const before = await cpuSeconds();
    const beganMs = performance.now();
    await sleep(watchMs);
    const after = await cpuSeconds();
    const watchedSeconds = (performance.now() - beganMs) / 1_000;
    const { requests } = await farm.ask('report');
    const spent = after.map((seconds, index) => ((seconds - (before[index] ?? 0)) * 1_000) / requests.length);
    const [serverMs = 0, workerMs = 0, farmMs = 0] = spent;
    return { cyclesPerSecond: requests.length / watchedSeconds, serverMs, workerMs, farmMs };
  } finally {
    await site.close();
    await farm.close();
  }
}
