import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Farm } from './farm-process.js';
import { kindOf } from './kinds.js';
import type { Address } from './population.js';
import { watchUsage, type Usage } from './sample.js';
import { passOf, unchangedShare, type Pass } from './verdict.js';

export interface CycleResult extends Pass, Usage {
  readonly name: string;
  readonly atOnceMax: number;
  /** Share of 304 when the healthy sources were asked for the second time. */
  readonly unchanged: number;
}

/** A program that makes one pass over a list of addresses and ends. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

export const CONCURRENCY = 50;
/** Of one attempt, the same for all: what never answers must not make the benchmark long. */
export const TIMEOUT_SECONDS = 5;

/** Runs a program over all sources, and once more over the healthy ones with what it has kept of them. */
export async function measureContender(
  contender: Contender,
  farm: Farm,
  addresses: readonly Address[],
): Promise<CycleResult> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const urls = join(folder, 'urls.json');
    const list = (some: readonly Address[]) => writeFile(urls, JSON.stringify(some.map(({ url }) => url)));
    await list(addresses);
    const environment = {
      BENCH_FOLDER: folder,
      BENCH_URLS: urls,
      BENCH_CONCURRENCY: String(CONCURRENCY),
      BENCH_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    };
    await farm.ask('forget');
    const beganAtMs = Date.now();
    const usage = await runToItsEnd(contender, environment);
    const first = await farm.ask('report');
    await list(addresses.filter(({ name }) => kindOf(name) === 'healthy'));
    await runToItsEnd(contender, environment);
    const second = await farm.ask('report');
    return {
      name: contender.name,
      ...passOf(first.requests, addresses, beganAtMs),
      ...usage,
      atOnceMax: first.atOnceMax,
      unchanged: unchangedShare(second.requests, addresses, 1),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runToItsEnd(
  { name, command: [program, ...args] }: Contender,
  environment: Readonly<Record<string, string>>,
): Promise<Usage> {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const usage = watchUsage(child.pid ?? 0);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return usage();
}
