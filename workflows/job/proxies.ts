import { proxyActivities } from '@temporalio/workflow';
import type { JobStepActivities, OrchestratorActivities } from '../../core/activity-contract.js';
import type { StepPlan } from '../../core/jobs/index.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { HOST_ANSWER_TIMEOUT_MS, INFRASTRUCTURE_RETRY } from '../proxies.js';

export interface StepOptions {
  readonly plan: StepPlan;
  readonly taskQueue: string;
  /** With `soon` it fails with SCHEDULE_TO_START when nobody polls the queue. */
  readonly patience: 'soon' | 'whenever';
}

/** One step of a job. Its retry policy is the only one there is. */
export function stepProxy({ plan, taskQueue, patience }: StepOptions) {
  return proxyActivities<Pick<JobStepActivities, 'runJobStep'>>({
    taskQueue,
    ...(patience === 'soon' ? { scheduleToStartTimeout: HOST_ANSWER_TIMEOUT_MS } : {}),
    startToCloseTimeout: plan.startToCloseMs,
    heartbeatTimeout: plan.heartbeatMs,
    retry: {
      maximumAttempts: plan.attempts,
      initialInterval: '2s',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
    },
    // What it has half made can be removed only when it has ended.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    allowEagerDispatch: false,
    summary: plan.name,
  });
}

/** A host that is away tidies up by itself when it is back: nobody waits for it. */
export function cleanProxy(taskQueue: string) {
  return proxyActivities<Pick<JobStepActivities, 'cleanJob'>>({
    taskQueue,
    scheduleToStartTimeout: HOST_ANSWER_TIMEOUT_MS,
    startToCloseTimeout: '1 minute',
    retry: { maximumAttempts: 3, initialInterval: '1s' },
    allowEagerDispatch: false,
    summary: 'remove half-made files',
  });
}

/** Mirrors the job in the store; tried again for as long as a database may be away. */
export const mirrorProxy = proxyActivities<Pick<OrchestratorActivities, 'saveJob'>>({
  taskQueue: ORCHESTRATOR_TASK_QUEUE,
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '1 hour',
  retry: { ...INFRASTRUCTURE_RETRY, maximumInterval: '5s' },
  cancellationType: 'TRY_CANCEL',
  allowEagerDispatch: false,
  summary: 'keep the state',
});
