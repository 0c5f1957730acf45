import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { InstanceStatus } from '../core/instance-status.js';
import type { RunNews } from '../core/run.js';

/** End the run, finalise what it has written and complete the workflow. */
export const stopSignal = defineSignal('stop');
/** End the run and wait for `resume`. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
/** Try again at once from any wait. A capture takes the name of the only branch that is meant. */
export const retrySignal = defineSignal<[unknown?]>('retry');
/** Fetch a source at once, ahead of its time; a paused one stays paused. */
export const fetchNowSignal = defineSignal('fetchNow');
/** Close the breaker of a source, forget that it asked to be left alone, and fetch it at once. */
export const resetBreakerSignal = defineSignal('resetBreaker');
/** What a watcher of the HDMI input has seen. */
export const hdmiRestoredSignal = defineSignal('hdmiRestored');
export const hdmiLostSignal = defineSignal('hdmiLost');
/** Sent by the host when a run delivers for the first time. Payload: `{ runKey, at }`. */
export const runStartedSignal = defineSignal<[unknown]>('runStarted');
/** Sent by the host when a run has something to tell. Payload: `RunNews`. */
export const runNewsSignal = defineSignal<[unknown]>('runNews');

/** Replace the configuration of a living instance. An invalid one is rejected and changes nothing. */
export const reconfigureUpdate = defineUpdate<{ readonly restarted: boolean }, [unknown]>('reconfigure');

/** Change the outputs of a living capture; the others do not notice. */
export const addOutputUpdate = defineUpdate<{ name: string }, [unknown]>('addOutput');
export const removeOutputUpdate = defineUpdate<{ name: string }, [unknown]>('removeOutput');
/** Let an output that was given up try again. */
export const resumeOutputUpdate = defineUpdate<{ name: string }, [unknown]>('resumeOutput');

/** That a run delivers. */
export interface RunStarted {
  readonly runKey: string;
  readonly at: string;
}

/** A signal has no validator: whatever comes, the workflow must go on. */
export function readRunStarted(payload: unknown): RunStarted | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { runKey, at } = payload as Partial<Record<keyof RunStarted, unknown>>;
  return typeof runKey === 'string' && typeof at === 'string' ? { runKey, at } : undefined;
}

/** What a run has to tell; undefined for what this version does not understand. */
export function readRunNews(payload: unknown): RunNews | undefined {
  const started = readRunStarted(payload);
  if (started === undefined) return undefined;
  const { kind, detail } = payload as Partial<Record<keyof RunNews, unknown>>;
  return kind === 'storage_low' && typeof detail === 'string' ? { ...started, kind, detail } : undefined;
}

export const statusQuery = defineQuery<InstanceStatus>('status');
