import { proxyActivities } from '@temporalio/workflow';
import type {
  FetchActivities,
  HostActivities,
  OrchestratorActivities,
  PlacementActivities,
} from '../core/activity-contract.js';
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
const INFRASTRUCTURE_RETRY = {
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
export const fetcher = proxyActivities<FetchActivities>({
  taskQueue: FETCH_TASK_QUEUE,
  startToCloseTimeout: '6 minutes',
  retry: INFRASTRUCTURE_RETRY,
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'find the live URL',
});

export const orchestrator = proxyActivities<OrchestratorActivities>({
  taskQueue: ORCHESTRATOR_TASK_QUEUE,
  startToCloseTimeout: '20s',
  retry: INFRASTRUCTURE_RETRY,
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'keep notifications',
});
