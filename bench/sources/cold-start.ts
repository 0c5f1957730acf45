import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../store/index.js';
import type { Farm } from './farm-process.js';
import { TIMEOUT_SECONDS, type CycleResult } from './contender.js';
import { kindOf } from './kinds.js';
import type { Address } from './population.js';
import { Site } from './site.js';
import { startAll } from './start-all.js';
import { passOf, unchangedShare } from './verdict.js';

/** The interval: what a site asks to be left alone for is part of the first pass, and the second one comes by itself. */
const EVERY_SECONDS = 30;
/** Within this time after the start every source has had two passes. */
const WATCH_SECONDS = 65;
/** The first pass is over for whoever can be fetched, deferred ones included. */
const FIRST_PASS_SECONDS = 45;

export interface ColdStart extends CycleResult {
  /** Until the items of the last healthy source were in the store; null when they are not all there. */
  readonly storedSeconds: number | null;
}

/** All sources as workflows that are started at the same moment, against a server and a worker that are up. */
export async function measureColdStart(farm: Farm, addresses: readonly Address[]): Promise<ColdStart> {
  const site = await Site.start(farm);
  try {
    await farm.ask('forget');
    const before = [await site.serverUsage(), await site.workerUsage()];
    const beganAtMs = Date.now();
    await startAll(site, addresses, {
      every: `${EVERY_SECONDS}s`,
      fetch: { total_timeout: `${TIMEOUT_SECONDS}s` },
    });
    await sleep(beganAtMs + FIRST_PASS_SECONDS * 1_000 - Date.now());
    const after = [await site.serverUsage(), await site.workerUsage()];
    const first = await farm.ask('report');
    await sleep(beganAtMs + WATCH_SECONDS * 1_000 - Date.now());
    const second = await farm.ask('report');
    const spent = after.map(({ cpuSeconds }, index) => cpuSeconds - (before[index]?.cpuSeconds ?? 0));
    return {
      name: 'holdfast',
      ...passOf(first.requests, addresses, beganAtMs),
      storedSeconds: await storedSeconds(site, addresses, beganAtMs),
      cpuSeconds: spent.reduce((sum, seconds) => sum + seconds, 0),
      megabytes: after.reduce((sum, { megabytes }) => sum + megabytes, 0),
      atOnceMax: first.atOnceMax,
      unchanged: unchangedShare([...first.requests, ...second.requests], addresses, 2),
    };
  } finally {
    await site.close();
  }
}

async function storedSeconds(
  site: Site,
  addresses: readonly Address[],
  beganAtMs: number,
): Promise<number | null> {
  const store = await openStore(site.storeUrl);
  try {
    let lastMs = 0;
    for (const { name } of addresses.filter((address) => kindOf(address.name) === 'healthy')) {
      const [item] = await store.sources.listItems({ source: name, limit: 1 });
      if (item === undefined) return null;
      lastMs = Math.max(lastMs, Date.parse(item.firstSeenAt));
    }
    return (lastMs - beganAtMs) / 1_000;
  } finally {
    await store.close();
  }
}
