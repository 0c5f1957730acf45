import { ActivityFailure, ApplicationFailure, log, TimeoutFailure } from '@temporalio/workflow';
import type { JobFailure, StepDone, StepPlan } from '../../core/jobs/index.js';
import { FETCH_TASK_QUEUE, hostTaskQueue } from '../../core/task-queues.js';
import { historyIsLong } from '../history.js';
import { isHostLost } from '../host-link.js';
import { claimHost } from '../placement.js';
import { outcomeUnless } from '../waits.js';
import { durationWords } from '../wording.js';
import type { JobInstance } from './instance.js';
import { cleanProxy, stepProxy } from './proxies.js';

export type StepsEnd =
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  | { readonly kind: 'rollover' };

/** Makes the steps that are left, one after the other, unless the job is cancelled or its history is long enough. */
export async function makeSteps(job: JobInstance): Promise<StepsEnd> {
  for (; job.nextStep < job.steps.length; job.nextStep += 1) {
    if (job.cancelWanted) return { kind: 'cancelled' };
    if (historyIsLong()) return { kind: 'rollover' };
    const outcome = await outcomeUnless(
      () => job.cancelWanted,
      () => makeStep(job, job.steps[job.nextStep] as StepPlan),
    );
    if (outcome === undefined) return { kind: 'cancelled' };
    if ('error' in outcome) return { kind: 'failed', failure: failureOf(outcome.error, job) };
    job.endStep(outcome.value);
  }
  return { kind: 'completed' };
}

/** Removes what was half made, where the work was done. A worker that does not answer does it later by itself. */
export async function cleanUp(job: JobInstance): Promise<void> {
  const plan = job.steps[Math.min(job.nextStep, job.steps.length - 1)];
  if (plan === undefined || !job.hasBegun) return;
  try {
    await cleanProxy(queueOf(job, plan)).cleanJob({ jobId: job.id });
  } catch (error) {
    log.warn('half-made files could not be removed', { error });
  }
}

async function makeStep(job: JobInstance, plan: StepPlan): Promise<StepDone> {
  if (plan.queue === 'host') {
    job.host ??= await claimHost(() => job.enter(statusNow(job), 'waiting for a device worker'));
  }
  job.beginStep();
  const taskQueue = queueOf(job, plan);
  const { id: jobId, createdAt } = job;
  const { kind, params } = job.view();
  const input = { jobId, kind, step: plan.name, params, createdAt };
  try {
    return await stepProxy({ plan, taskQueue, patience: 'soon' }).runJobStep(input);
  } catch (error) {
    if (!isHostLost(error)) throw error;
    job.enter(
      statusNow(job),
      plan.queue === 'host' ? `waiting for host ${job.host ?? ''}` : 'waiting for a fetcher',
    );
    job.beginStep();
    return await stepProxy({ plan, taskQueue, patience: 'whenever' }).runJobStep(input);
  }
}

function statusNow(job: JobInstance) {
  return job.view().status;
}

function queueOf(job: JobInstance, plan: StepPlan): string {
  if (plan.queue === 'fetch') return FETCH_TASK_QUEUE;
  if (job.host === null) throw new Error('should not happen: a step before a host was chosen');
  return hostTaskQueue(job.host);
}

/** Why a step could not be made, after all its attempts. */
function failureOf(error: unknown, job: JobInstance): JobFailure {
  const plan = job.steps[job.nextStep];
  const step = plan?.name ?? '';
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { cause: cause.type ?? 'unknown', message: cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === 'HEARTBEAT'
      ? { cause: 'worker_lost', message: `the worker was lost again and again during the step ${step}` }
      : {
          cause: 'timeout',
          message: `the step ${step} took longer than ${durationWords(plan?.startToCloseMs ?? 0)}`,
        };
  }
  return { cause: 'unknown', message: cause instanceof Error ? cause.message : String(cause) };
}
