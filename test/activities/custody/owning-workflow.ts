import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { HostActivities } from '../../../core/activity-contract.js';
import type { RunEnd, RunSpec } from '../../../core/run.js';

export const runStarted = defineSignal<[{ runKey: string; at: string }]>('runStarted');
export const stop = defineSignal('stop');

/** Owns one run: the smallest workflow that uses custody as it is meant. */
export async function owner(
  spec: RunSpec,
  taskQueue: string,
  heartbeatTimeoutMs: number,
): Promise<{ end: RunEnd; started: string | null; stopped: RunEnd | null }> {
  const { startRun, stopRun } = proxyActivities<HostActivities>({
    taskQueue,
    startToCloseTimeout: '1 day',
    heartbeatTimeout: heartbeatTimeoutMs,
    retry: { initialInterval: 50, maximumInterval: 200 },
  });
  let started: string | null = null;
  let stopRequested = false;
  setHandler(runStarted, (news) => {
    started = news.runKey;
  });
  setHandler(stop, () => {
    stopRequested = true;
  });
  let end: RunEnd | null = null;
  const run = startRun(spec).then((value) => {
    end = value;
    return value;
  });
  await condition(() => stopRequested || end !== null);
  const stopped = stopRequested ? await stopRun({ runKey: spec.runKey, reason: 'asked to' }) : null;
  return { end: await run, started, stopped };
}
