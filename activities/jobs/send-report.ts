import type { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { JobReport } from '../../core/jobs/index.js';
import { JOB_REPORT_SIGNAL } from '../../core/jobs/index.js';

/** gRPC status of a workflow that is closed or unknown. */
const NOT_FOUND = 5;
/** A healthy server takes a signal in milliseconds. */
const SEND_TIMEOUT_MS = 5_000;

/** Sends reports to the execution of a job that asked for the step. One that is over needs none any more, nor does the next one. */
export function sendReport(activity: Context, jobId: string): (report: JobReport) => Promise<void> {
  const runId = activity.info.workflowExecution?.runId;
  return async (report) => {
    const { client } = activity;
    try {
      await client.withDeadline(Date.now() + SEND_TIMEOUT_MS, () =>
        client.workflow.getHandle(jobId, runId).signal(JOB_REPORT_SIGNAL, report),
      );
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  };
}

function isGone(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return (error as { code?: unknown } | null)?.code === NOT_FOUND;
}
