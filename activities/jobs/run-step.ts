import { mkdir } from 'node:fs/promises';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { parseInstanceInput } from '../../core/config/instance.js';
import {
  JOB_STEPS,
  jobNameOf,
  type JobArtifact,
  type JobEntry,
  type RunStepInput,
  type StepDone,
  type StepPlan,
} from '../../core/jobs/index.js';
import { keepArtifact } from './artifacts.js';
import { foldersOf } from './folders.js';
import { Pace } from './pace.js';
import { Reporter } from './reporter.js';
import { sendReport } from './send-report.js';
import type { StepContext } from './step-context.js';
import { failureOf } from './failure-of.js';
import { stepOf, type StepRuns } from './steps.js';
import type { Turns } from './turns.js';
import type { StepValues } from './values.js';

/** What all steps of a process share. */
export interface JobDeps {
  readonly dataDir: string;
  readonly host: string;
  readonly steps: StepRuns;
  /** Where the steps of a job leave values to each other. */
  readonly valuesOf: (jobId: string, workFolder: string) => StepValues;
  /** Steps that are at work at the same time; the others wait. */
  readonly turns: Turns;
}

/** So many times within its deadline does a step say that it is alive. */
const HEARTBEATS = 5;

/** One attempt of a step. Its retries are Temporal's. */
export async function runJobStep(input: RunStepInput, deps: JobDeps): Promise<StepDone> {
  const activity = Context.current();
  const plan = planOf(input);
  const run = stepOf(deps.steps, input.kind, input.step);
  if (run === undefined) throw notKnownHere(input);
  const entry = entryOf(input);
  const { attempt } = activity.info;
  const { step } = input;
  const reporter = new Reporter({ step, attempt, host: deps.host, send: sendReport(activity, input.jobId) });
  const heartbeats = setInterval(() => activity.heartbeat(), plan.heartbeatMs / HEARTBEATS);
  const artifacts: JobArtifact[] = [];
  try {
    await deps.turns.take(activity.cancellationSignal, async () => {
      reporter.tell({ type: 'begun' });
      const context = await openContext(input, deps, { reporter, artifacts, activity });
      await run(entry.params, context);
    });
    activity.cancellationSignal.throwIfAborted();
    return { host: deps.host, artifacts };
  } catch (error) {
    throw endOf(error, { activity, plan, reporter, attempt });
  } finally {
    await reporter.close();
    clearInterval(heartbeats);
  }
}

interface Attempt {
  readonly reporter: Reporter;
  readonly artifacts: JobArtifact[];
  readonly activity: Context;
}

async function openContext(
  { jobId, createdAt }: RunStepInput,
  { dataDir, host, valuesOf }: JobDeps,
  { reporter, artifacts, activity }: Attempt,
): Promise<StepContext> {
  const folders = foldersOf(dataDir, jobId);
  await mkdir(folders.work, { recursive: true });
  const values = valuesOf(jobId, folders.work);
  const pace = new Pace(performance.now());
  return {
    jobId,
    createdAt,
    attempt: activity.info.attempt,
    artifactsFolder: folders.artifacts,
    workFolder: folders.work,
    dataDir,
    signal: activity.cancellationSignal,
    report: (progress) => reporter.tell({ type: 'progress', ...pace.judge(progress, performance.now()) }),
    log: (level, message) => reporter.tell({ type: 'log', level, message }),
    artifact: async (name, mediaType, file) => {
      const artifact = await keepArtifact(folders, { name, mediaType, file }, host);
      artifacts.push(artifact);
      reporter.tell({ type: 'artifact', ...artifact });
    },
    save: (key, value) => values.save(key, value),
    load: (key) => values.load(key),
  };
}

/** What Temporal is told about an attempt that did not get to its end. */
function endOf(
  error: unknown,
  {
    activity,
    plan,
    reporter,
    attempt,
  }: Pick<Attempt, 'activity' | 'reporter'> & { readonly plan: StepPlan; readonly attempt: number },
): Error {
  if (activity.cancellationSignal.aborted) {
    if (activity.cancellationDetails?.cancelRequested === true) {
      return new CancelledFailure('the job was cancelled');
    }
    return ApplicationFailure.create({ type: 'worker_shutdown', message: 'the worker was shut down' });
  }
  const failure = failureOf(error);
  if (failure.nonRetryable !== true && attempt < plan.attempts) {
    const error_code = failure.type ?? 'unknown';
    const details = { step: plan.name, attempt, attempts: plan.attempts };
    reporter.tell({ type: 'error', fatal: false, error_code, message: failure.message, details });
  }
  return failure;
}

function planOf({ kind, step }: RunStepInput): StepPlan {
  const plan = JOB_STEPS[kind]?.find(({ name }) => name === step);
  if (plan === undefined) throw notKnownHere({ kind, step });
  return plan;
}

/** Another worker, of the version that asked for it, may know it. */
function notKnownHere({ kind, step }: Pick<RunStepInput, 'kind' | 'step'>): ApplicationFailure {
  return ApplicationFailure.retryable(`this worker knows no step ${step} of ${kind}`, 'unknown_step');
}

function entryOf({ jobId, kind, params }: RunStepInput): JobEntry {
  const parsed = parseInstanceInput('job', { id: jobNameOf(jobId), kind, params });
  if ('error' in parsed) throw ApplicationFailure.nonRetryable(parsed.error, 'invalid_config');
  return parsed.ok;
}
