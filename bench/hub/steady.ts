import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { underFullLoad } from './full-load.js';
import { HubPipeline } from './hub-pipeline.js';
import { lossOf, type Loss } from './loss.js';
import type { Feed, NoticedLosses, Pipeline } from './pipeline.js';
import { TeePipeline } from './tee-pipeline.js';

/** What one pipeline did in one case. */
export interface SteadyResult extends Loss, NoticedLosses {
  readonly pipeline: string;
  /** CPU seconds for each second of wall clock: everything together. */
  readonly cpu: number;
  /** The same for each output's process; empty where outputs have none. */
  readonly outputCpus: readonly number[];
}

/** Runs the hub and then the tee muxer on the same input, with every core kept busy. */
export async function compareSteadily(
  feed: Feed,
  outputs: number,
  seconds: number,
): Promise<readonly [hub: SteadyResult, tee: SteadyResult]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-hub-'));
  try {
    const hub = await measure(new HubPipeline(feed, folder, outputs), feed, seconds);
    return [hub, await measure(new TeePipeline(feed, folder, outputs), feed, seconds)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(pipeline: Pipeline, feed: Feed, seconds: number): Promise<SteadyResult> {
  const cpu = await underFullLoad(async () => {
    try {
      await pipeline.start();
      return await cpuOver(pipeline, seconds);
    } finally {
      await pipeline.stop();
    }
  });
  const loss = await lossOf(await pipeline.files(), feed.file);
  return { pipeline: pipeline.name, ...cpu, ...loss, ...pipeline.noticedLosses() };
}

async function cpuOver(
  pipeline: Pipeline,
  seconds: number,
): Promise<Pick<SteadyResult, 'cpu' | 'outputCpus'>> {
  const startedAt = performance.now();
  const before = await pipeline.cpuSeconds();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const after = await pipeline.cpuSeconds();
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  return {
    cpu: (after.all - before.all) / wallSeconds,
    outputCpus: after.outputs.map((used, index) => (used - (before.outputs[index] ?? 0)) / wallSeconds),
  };
}
