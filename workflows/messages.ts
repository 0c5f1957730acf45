import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { InstanceStatus } from '../core/instance-status.js';

/** End the run, finalise what it has written and complete the workflow. */
export const stopSignal = defineSignal('stop');
/** End the run and wait for `resume`. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
/** Try again at once from any wait. */
export const retrySignal = defineSignal('retry');
/** Sent by the host when a run delivers for the first time. Payload: `{ runKey, at }`. */
export const runStartedSignal = defineSignal<[unknown]>('runStarted');

/** Replace the configuration of a living instance. An invalid one is rejected and changes nothing. */
export const reconfigureUpdate = defineUpdate<{ restarted: boolean }, [unknown]>('reconfigure');

export const statusQuery = defineQuery<InstanceStatus>('status');
