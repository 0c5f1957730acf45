import { ActivityFailure, ApplicationFailure, proxyActivities, TimeoutFailure } from '@temporalio/workflow';
import type { HostActivities, PreviewInput, PreviewResult } from '../core/activity-contract.js';
import { hostTaskQueue } from '../core/task-queues.js';
import { HOST_ANSWER_TIMEOUT_MS } from './proxies.js';

export interface PreviewRequest {
  /** The host on which the instance runs. */
  readonly host: string;
  readonly input: PreviewInput;
}

/** Taking a picture ends within 8 s; it may have to wait for another one first. */
const PICTURE_TIMEOUT = '20s';

/**
 * Takes a picture of a running capture or stream. A workflow of its own, so that pictures never enter the history of either.
 * Fails with `host_unavailable` when no worker of the host answers.
 */
export async function preview({ host, input }: PreviewRequest): Promise<PreviewResult> {
  const { takePreview } = proxyActivities<Pick<HostActivities, 'takePreview'>>({
    taskQueue: hostTaskQueue(host),
    scheduleToStartTimeout: HOST_ANSWER_TIMEOUT_MS,
    startToCloseTimeout: PICTURE_TIMEOUT,
    // Somebody is waiting: a second attempt would come too late.
    retry: { maximumAttempts: 1 },
    allowEagerDispatch: false,
    summary: `picture of ${input.instance}`,
  });
  try {
    return await takePreview(input);
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) {
      throw ApplicationFailure.nonRetryable(`host ${host} does not answer`, 'host_unavailable');
    }
    throw error;
  }
}
