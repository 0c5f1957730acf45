import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import type { CarriedJob, JobArtifact } from '../core/jobs/index.js';
import { checkWorkflowId, ownConfigOrFailure } from './entry.js';
import { JobInstance, ownJobName } from './job/instance.js';
import {
  cancelSignal,
  jobEventsQuery,
  jobReportSignal,
  jobStatusQuery,
  readJobReport,
} from './job/messages.js';
import { Mirror } from './job/mirror.js';
import { cleanUp, makeSteps, type StepsEnd } from './job/steps.js';
import { stopSignal } from './messages.js';

/** Result of a job that has not failed. */
export interface JobSummary {
  readonly status: 'completed' | 'cancelled';
  readonly createdAt: string;
  readonly endedAt: string;
  readonly artifacts: readonly JobArtifact[];
}

/**
 * Makes what somebody has asked for, step by step, and tells all the way how far it is.
 * Input: an entry `{ id, kind, params }`; `id` is the name in the workflow id. Fails with `invalid_config` when it is not valid,
 * otherwise with the cause that kept a step from being made.
 */
export async function job(input: unknown, carried?: CarriedJob): Promise<JobSummary> {
  const entry = ownConfigOrFailure('job', ownJobName(), input);
  checkWorkflowId('job', entry.id);
  const instance = new JobInstance(entry, input, carried);
  handleMessages(instance);
  // A cancellation asks for the same orderly end as the signal `cancel`.
  CancellationScope.current().cancelRequested.catch(() => instance.cancel());
  return await CancellationScope.nonCancellable(() => work(instance));
}

async function work(instance: JobInstance): Promise<JobSummary> {
  const mirror = new Mirror(instance);
  const end = await makeSteps(instance);
  if (end.kind === 'rollover') {
    await condition(allHandlersFinished);
    return await continueAsNew<typeof job>(instance.raw, instance.carry());
  }
  await cleanUp(instance);
  conclude(instance, end);
  await mirror.finish();
  await condition(allHandlersFinished);
  return summaryOf(instance, end);
}

function conclude(instance: JobInstance, end: Exclude<StepsEnd, { kind: 'rollover' }>): void {
  switch (end.kind) {
    case 'completed':
      return instance.conclude('completed', 'completed');
    case 'cancelled':
      return instance.conclude('cancelled', 'cancelled on request');
    case 'failed':
      return instance.fail(end.failure);
  }
}

function summaryOf(instance: JobInstance, end: Exclude<StepsEnd, { kind: 'rollover' }>): JobSummary {
  if (end.kind === 'failed') {
    throw ApplicationFailure.nonRetryable(end.failure.message, end.failure.cause);
  }
  const { createdAt, endedAt, artifacts } = instance.view();
  return { status: end.kind, createdAt, endedAt: endedAt ?? createdAt, artifacts };
}

function handleMessages(instance: JobInstance): void {
  setHandler(jobStatusQuery, () => instance.view(), {
    description: 'State, progress, artifacts and why it failed',
  });
  setHandler(
    jobEventsQuery,
    (after) => instance.answer(typeof after === 'number' && after >= 0 ? Math.floor(after) : 0),
    { description: 'The same with what the job told after an offset' },
  );
  setHandler(cancelSignal, () => instance.cancel());
  setHandler(stopSignal, () => instance.cancel());
  setHandler(jobReportSignal, (payload) => {
    const report = readJobReport(payload);
    if (report !== undefined) instance.hear(report);
  });
}
