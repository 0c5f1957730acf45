import { defineQuery, defineSignal } from '@temporalio/workflow';
import {
  JOB_CANCEL_SIGNAL,
  JOB_EVENTS_QUERY,
  JOB_REPORT_SIGNAL,
  JOB_STATUS_QUERY,
  type JobAnswer,
  type JobReport,
  type JobView,
} from '../../core/jobs/index.js';

export const cancelSignal = defineSignal(JOB_CANCEL_SIGNAL);
export const jobReportSignal = defineSignal<[unknown]>(JOB_REPORT_SIGNAL);
export const jobStatusQuery = defineQuery<JobView>(JOB_STATUS_QUERY);
export const jobEventsQuery = defineQuery<JobAnswer, [unknown?]>(JOB_EVENTS_QUERY);

const ENTRY_TYPES: ReadonlySet<unknown> = new Set(['begun', 'progress', 'artifact', 'log', 'error']);

/** A signal has no validator: whatever comes, the workflow must go on. Undefined for what is no report. */
export function readJobReport(payload: unknown): JobReport | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { step, attempt, host, number, entries } = payload as Partial<Record<keyof JobReport, unknown>>;
  const isReport =
    typeof step === 'string' &&
    typeof host === 'string' &&
    Number.isInteger(attempt) &&
    Number.isInteger(number) &&
    Array.isArray(entries) &&
    entries.every((entry) => ENTRY_TYPES.has((entry as { type?: unknown } | null)?.type));
  return isReport ? (payload as JobReport) : undefined;
}
