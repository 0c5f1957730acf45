import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { eachConcurrently } from './each-concurrently.js';
import { instanceIdOf, INSTANCE_KINDS } from './instance-kinds.js';
import { listInstances, type InstanceSummary } from './list-instances.js';
import { sendSignal, sendUpdate } from './messages.js';
import { planApply, type ExistingInstance, type PlannedAction, type PlannedChange } from './plan-apply.js';
import { queryStatus, type StatusAnswer } from './read-instance.js';
import { inputOf, startInstance, type DesiredInstance } from './start-instance.js';
import { NO_WORKER_ANSWERS } from './status-words.js';

export interface ApplyOptions {
  /** Stop what is running but not listed. Default false. */
  readonly prune?: boolean;
  /** Say what would be done and do nothing. Default false. */
  readonly dryRun?: boolean;
  /**
   * Start listed instances that ended well before. Default true: whoever applies a file wants what it lists.
   * `holdfast up` says false, so that what a person has stopped stays stopped over a restart.
   */
  readonly startStopped?: boolean;
  /** Fills defaults in before configs are compared. Default: compare as written. */
  readonly normalise?: (kind: string, config: unknown) => unknown;
}

/** What was done (or, in a dry run, would be done) about one instance. */
export interface AppliedChange {
  readonly id: string;
  readonly action: PlannedAction;
  readonly reason: string;
  /** Why it could not be done, otherwise null. One failure does not keep the others from being done. */
  readonly error: string | null;
}

/** Questions under way at the same time: quick for hundreds of instances, harmless for the server. */
const CONCURRENT_QUESTIONS = 8;
/** Starts and changes under way at the same time. With 8 of them the workers wait for the starts when hundreds of sources begin at once. */
export const CONCURRENT_CHANGES = 24;

/**
 * How long running instances are asked again, all of them together, while no worker answers: for the first 10 s after a worker was killed
 * the server still gives it what belongs to workflows that it had, also when the next one is there.
 */
const PATIENCE_MS = 20_000;
const ASK_AGAIN_MS = 500;

/** Makes the running workflows match a list of instances. Doing it twice changes nothing the second time. */
export async function applyInstances(
  client: Client,
  desired: readonly DesiredInstance[],
  options: ApplyOptions = {},
): Promise<AppliedChange[]> {
  const existing = await readExisting(client, desired);
  const plan = planApply(desired, existing, {
    prune: options.prune ?? false,
    startStopped: options.startStopped ?? true,
    normalise: options.normalise ?? ((_kind, config) => config),
  });
  return eachConcurrently(plan, CONCURRENT_CHANGES, (change) =>
    carryOut(client, change, options.dryRun ?? false),
  );
}

async function readExisting(
  client: Client,
  desired: readonly DesiredInstance[],
): Promise<ExistingInstance[]> {
  const listed = new Set(desired.map(({ kind, name }) => instanceIdOf(kind, name)));
  const known = (await listInstances(client)).filter(
    (summary) =>
      listed.has(summary.id) || (summary.open && INSTANCE_KINDS.some((kind) => kind === summary.kind)),
  );
  const deadlineMs = performance.now() + PATIENCE_MS;
  return eachConcurrently(known, CONCURRENT_QUESTIONS, (summary) =>
    readOne(client, summary, { listed: listed.has(summary.id), deadlineMs }),
  );
}

async function readOne(
  client: Client,
  summary: InstanceSummary,
  { listed, deadlineMs }: { readonly listed: boolean; readonly deadlineMs: number },
): Promise<ExistingInstance> {
  const base = { id: summary.id, open: summary.open, completed: summary.closed === 'COMPLETED' };
  if (!listed) return { ...base, config: undefined, problem: null };
  const answer = await patientAnswer(client, summary, deadlineMs);
  if (answer.status !== null) return { ...base, config: answer.status.config, problem: null };
  if (summary.open) return { ...base, config: undefined, problem: `cannot compare: ${answer.problem}` };
  return { ...base, config: await inputOf(client, summary.id, summary.runId), problem: null };
}

async function patientAnswer(
  client: Client,
  { id, open }: InstanceSummary,
  deadlineMs: number,
): Promise<StatusAnswer> {
  for (;;) {
    const answer = await queryStatus(client, id);
    const isSilent = open && answer.problem === NO_WORKER_ANSWERS;
    if (!isSilent || performance.now() + ASK_AGAIN_MS > deadlineMs) return answer;
    await sleep(ASK_AGAIN_MS);
  }
}

async function carryOut(client: Client, change: PlannedChange, dryRun: boolean): Promise<AppliedChange> {
  const { id, action, reason } = change;
  if (action === 'unclear') return { id, action, reason, error: reason };
  if (dryRun) return { id, action, reason, error: null };
  try {
    return { id, ...(await perform(client, change)), error: null };
  } catch (error) {
    return { id, action, reason, error: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(
  client: Client,
  change: PlannedChange,
): Promise<Pick<AppliedChange, 'action' | 'reason'>> {
  const { action, reason, desired, id } = change;
  if (action === 'stop') await sendSignal(client, id, 'stop');
  if (action === 'reconfigure' && desired !== null)
    await sendUpdate(client, id, 'reconfigure', desired.config);
  if (action === 'start' && desired !== null && !(await startInstance(client, desired))) {
    return { action: 'unchanged', reason: 'started by somebody else meanwhile' };
  }
  return { action, reason };
}
