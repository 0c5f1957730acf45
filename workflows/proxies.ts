import { proxyActivities } from '@temporalio/workflow';
import type {
  HostActivities,
  OrchestratorActivities,
  PlacementActivities,
  ResolveActivities,
  SourceActivities,
} from '../core/activity-contract.js';
import { HTTP_CAUSES } from '../core/causes.js';
import {
  DEVICE_TASK_QUEUE,
  FETCH_TASK_QUEUE,
  hostTaskQueue,
  ORCHESTRATOR_TASK_QUEUE,
} from '../core/task-queues.js';

/** A worker that has not taken a task in this time is not there: a healthy one polls all the time. */
export const HOST_ANSWER_TIMEOUT_MS = 10_000;

/** Longest life of one run. Temporal wants a limit; a recording may well last months. */
const RUN_LIFETIME = '3650 days';

/** Retries of a short activity are for lost workers only: verdicts come back as results. */
export const INFRASTRUCTURE_RETRY = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '10s',
  maximumAttempts: Number.POSITIVE_INFINITY,
} as const;

/** Starts a run on a host; settles when the run has ended, or with SCHEDULE_TO_START when nobody polls. */
export function runProxy(host: string, heartbeatTimeoutMs: number, summary: string) {
  return proxyActivities<Pick<HostActivities, 'startRun'>>({
    taskQueue: hostTaskQueue(host),
    scheduleToStartTimeout: HOST_ANSWER_TIMEOUT_MS,
    startToCloseTimeout: RUN_LIFETIME,
    heartbeatTimeout: heartbeatTimeoutMs,
    retry: { ...INFRASTRUCTURE_RETRY, maximumInterval: '5s' },
    // The run itself is ended by stopRun. Cancelling only withdraws a task that no worker has taken.
    cancellationType: 'TRY_CANCEL',
    allowEagerDispatch: false,
    summary,
  });
}

/** Waits without limit for the host: a stop asked for while it is down takes effect when it is back. */
export function stopProxy(host: string, summary: string) {
  return proxyActivities<Pick<HostActivities, 'stopRun'>>({
    taskQueue: hostTaskQueue(host),
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '30s',
    retry: INFRASTRUCTURE_RETRY,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    allowEagerDispatch: false,
    summary,
  });
}

/** Answers as soon as a worker of the host polls. */
export function pingProxy(host: string) {
  return proxyActivities<Pick<HostActivities, 'pingHost'>>({
    taskQueue: hostTaskQueue(host),
    startToCloseTimeout: '10s',
    retry: INFRASTRUCTURE_RETRY,
    cancellationType: 'TRY_CANCEL',
    allowEagerDispatch: false,
    summary: `waiting for host ${host}`,
  });
}

/** Asks the media host whether it is back. */
export function awaitSourceProxy(host: string) {
  return proxyActivities<Pick<HostActivities, 'awaitSource'>>({
    taskQueue: hostTaskQueue(host),
    startToCloseTimeout: '25 hours',
    heartbeatTimeout: '20s',
    retry: INFRASTRUCTURE_RETRY,
    cancellationType: 'TRY_CANCEL',
    allowEagerDispatch: false,
    summary: 'is the source back?',
  });
}

/** Watches the input signal of a capture until it goes or comes; waits for a host that is down. */
export function watchSignalProxy(host: string, until: 'loss' | 'return') {
  return proxyActivities<Pick<HostActivities, 'watchSignal'>>({
    taskQueue: hostTaskQueue(host),
    startToCloseTimeout: RUN_LIFETIME,
    // A signal that comes back while a worker is being replaced must not wait long for the next one.
    heartbeatTimeout: '5s',
    retry: { ...INFRASTRUCTURE_RETRY, initialInterval: '200ms', maximumInterval: '2s' },
    cancellationType: 'TRY_CANCEL',
    allowEagerDispatch: false,
    summary: until === 'loss' ? 'watch the signal' : 'wait for the signal',
  });
}

/** The device host that takes the task is where the instance will run. */
export function placementProxy(patience: 'soon' | 'whenever') {
  return proxyActivities<PlacementActivities>({
    taskQueue: DEVICE_TASK_QUEUE,
    ...(patience === 'soon' ? { scheduleToStartTimeout: HOST_ANSWER_TIMEOUT_MS } : {}),
    startToCloseTimeout: '10s',
    retry: INFRASTRUCTURE_RETRY,
    cancellationType: 'TRY_CANCEL',
    allowEagerDispatch: false,
    summary: 'choose a host',
  });
}

/** Resolvers, on the fetchers. */
export const fetcher = proxyActivities<ResolveActivities>({
  taskQueue: FETCH_TASK_QUEUE,
  startToCloseTimeout: '6 minutes',
  retry: INFRASTRUCTURE_RETRY,
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'find the live URL',
});

/** Causes for which no second attempt is of use. */
const FATAL_CAUSES = Object.entries(HTTP_CAUSES)
  .filter(([, entry]) => entry.class === 'fatal')
  .map(([cause]) => cause);

/** A fetcher that has not taken a cycle in this time is not there, or has far too much to do. */
const FETCHER_ANSWER_TIMEOUT = '2 minutes';
/** Waiting for the site's turn, reading and storing take less than this beside the fetch itself. */
const CYCLE_MARGIN_MS = 65_000;

export interface CycleOptions {
  /** How many attempts are made. */
  readonly attempts: number;
  /** Longest time of the fetch itself. */
  readonly fetchTimeoutMs: number;
  /** With `soon` it fails with SCHEDULE_TO_START when no fetcher polls. */
  readonly patience: 'soon' | 'whenever';
  readonly summary: string;
}

/** One cycle of a source, on the fetchers. Its retry policy is the only one there is. */
export function cycleProxy({ attempts, fetchTimeoutMs, patience, summary }: CycleOptions) {
  return proxyActivities<SourceActivities>({
    taskQueue: FETCH_TASK_QUEUE,
    ...(patience === 'soon' ? { scheduleToStartTimeout: FETCHER_ANSWER_TIMEOUT } : {}),
    startToCloseTimeout: fetchTimeoutMs + CYCLE_MARGIN_MS,
    heartbeatTimeout: '15s',
    retry: {
      maximumAttempts: attempts,
      initialInterval: '2s',
      backoffCoefficient: 2,
      maximumInterval: '10s',
      nonRetryableErrorTypes: FATAL_CAUSES,
    },
    // The next cycle must not begin while this one is still under way.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    allowEagerDispatch: false,
    summary,
  });
}

/** What a source says of itself between its cycles. The next cycle says it again, so it is not worth much patience. */
export const sourceStatus = proxyActivities<Pick<OrchestratorActivities, 'saveSourceStatus'>>({
  taskQueue: ORCHESTRATOR_TASK_QUEUE,
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '15s',
  retry: { initialInterval: '1s', maximumAttempts: 3 },
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'keep the state',
});

export const orchestrator = proxyActivities<OrchestratorActivities>({
  taskQueue: ORCHESTRATOR_TASK_QUEUE,
  startToCloseTimeout: '20s',
  retry: INFRASTRUCTURE_RETRY,
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'keep notifications',
});
