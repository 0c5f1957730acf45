import { condition, patched } from '@temporalio/workflow';
import { interruptibleWait } from './waits.js';
import { runKeyOf, type Recipe, type RunEnd, type RunSpec } from '../core/run.js';
import { afterIncident, afterNotLive, beginEpisode, stopped } from './recover.js';
import {
  AGAIN_FRESH,
  enter,
  enterStarting,
  now,
  type BranchResult,
  type Next,
  type SupervisedBranch,
} from './supervised-branch.js';

/** The loop of every branch: make ready, run, learn why it ended, decide, wait, again. Nothing else decides. */
export async function supervise(branch: SupervisedBranch): Promise<BranchResult> {
  let fresh = true;
  if (hasUnwantedRun(branch)) await endRun(branch);
  await finishCarriedWait(branch);
  for (;;) {
    await holdBack(branch);
    if (branch.control.wish === 'stop') return stopped(branch, branch.control.endReason);
    if (!branch.control.leaving) branch.record.waitIsOver();
    if (branch.shouldRollOver()) return { kind: 'rollover' };
    branch.control.restartTaken();
    const interruptsBefore = branch.control.interrupts;
    const next = await runOnce(branch, fresh, interruptsBefore);
    if (next.kind === 'end') return next.result;
    fresh = next.fresh;
  }
}

/** Media of the current run flows. */
export function runDelivers(branch: SupervisedBranch, runKey: string, at: string): void {
  const { record } = branch;
  if (record.runKey !== runKey || !record.runLives || record.state === 'stopping') return;
  if (record.inEpisode) {
    branch.notifier.send({ event: 'retry_succeeded' }, { branch: record.name, attempt: record.attempt });
  }
  record.delivered(at);
  enter(branch, 'running', branch.activity);
}

async function runOnce(branch: SupervisedBranch, fresh: boolean, interruptsBefore: number): Promise<Next> {
  const prepared = await branch.prepare(fresh);
  switch (prepared.kind) {
    case 'interrupted':
      return AGAIN_FRESH;
    case 'not_live':
      return await afterNotLive(branch, prepared.detail, false);
    case 'failed':
      return await afterIncident(branch, { ...prepared, healthyMs: 0 }, prepared.detail, interruptsBefore);
    case 'ready': {
      if (branch.record.unconfirmedLoss !== null) beginEpisode(branch, branch.record.unconfirmedLoss);
      const end = await runToItsEnd(branch, prepared.recipe);
      if (end === 'left') return { kind: 'end', result: { kind: 'rollover' } };
      return end === undefined ? AGAIN_FRESH : await afterRun(branch, end);
    }
  }
}

/**
 * One run, adopted again and again while its host goes and comes; undefined when somebody asked for its end: what they want decides
 * then. `left` when it lives on for the next execution of the workflow.
 */
async function runToItsEnd(branch: SupervisedBranch, recipe: Recipe): Promise<RunEnd | 'left' | undefined> {
  const { record, control, host } = branch;
  // What was asked for while the run was made ready needs no process.
  if (control.runMustEnd) return undefined;
  const isCarried = record.carriesRun;
  const run = record.beginRun((number) => runKeyOf(branch.workflowId, record.name, number));
  const spec: RunSpec = {
    runKey: runKeyOf(branch.workflowId, record.name, run),
    workflowId: branch.workflowId,
    branch: record.name,
    run,
    recipe,
    stallTimeoutMs: branch.stallTimeoutMs(),
    locks: branch.locks(),
    ...(branch.fedBy === undefined ? {} : { fedBy: branch.fedBy }),
  };
  if (!isCarried) enterStarting(branch, 'connecting');
  // The former execution may have left it waiting: that has been told already.
  let hostLost = isCarried && record.state === 'waiting_host';
  for (;;) {
    if (hostLost) {
      const answer = await waitForHost(branch, spec);
      if (answer !== 'back') return answer === 'left' ? 'left' : undefined;
    }
    const result = await host.run(spec, control, () => enter(branch, 'stopping', 'ending the run'));
    if (result.kind === 'ended') {
      record.runEnded();
      return result.asked ? undefined : result.end;
    }
    if (result.kind === 'left') return 'left';
    loseHost(branch);
    hostLost = true;
  }
}

function loseHost(branch: SupervisedBranch): void {
  const { record, host, notifier } = branch;
  const detail = `no worker of host ${host.host} answers`;
  record.addIncident({ at: now(), cause: 'host_unavailable', detail, action: 'wait for the host' });
  enter(branch, 'waiting_host', detail);
  if (!branch.tellsOfHost) return;
  const facts = { branch: record.name, cause: 'host_unavailable' } as const;
  notifier.send({ event: 'waiting_host', host: host.host }, facts);
}

/** `back`: the host answers again. `ended`: the run was ended instead, as soon as the host could be told. */
async function waitForHost(branch: SupervisedBranch, spec: RunSpec): Promise<'back' | 'ended' | 'left'> {
  const { record, control, host, notifier } = branch;
  while (!control.runMustEnd) {
    if (control.leaving) return 'left';
    if (!(await host.awaitHost(control))) continue;
    if (branch.tellsOfHost) notifier.send({ event: 'host_back', host: host.host }, { branch: record.name });
    // If the process has died meanwhile, its end is reported at once.
    const delivering = record.status().startedAt !== null;
    enter(branch, delivering ? 'running' : 'starting', 'the host is back');
    return 'back';
  }
  enter(branch, 'stopping', 'ends as soon as the host is back');
  await host.stop(spec, control.endReason, control.endCause);
  record.runEnded();
  return 'ended';
}

async function afterRun(branch: SupervisedBranch, end: RunEnd): Promise<Next> {
  // Messages count from here on: what came while the run was alive was meant for it.
  const interruptsBefore = branch.control.interrupts;
  switch (end.outcome) {
    case 'cut':
      // A run that was cut before it delivered anything would be cut again at once: let the policy slow it down.
      if (end.firstProgressAt !== null) return { kind: 'again', fresh: false };
      return await afterIncident(
        branch,
        { cause: 'network_disconnect', healthyMs: 0 },
        end.detail,
        interruptsBefore,
      );
    case 'ended':
      return await afterNotLive(branch, end.detail, true);
    case 'stopped':
    case 'failed':
      // `stopped` without our asking: somebody on the host ended it. The policy decides as after a crash.
      return await afterIncident(
        branch,
        { cause: end.cause ?? 'crashed', healthyMs: end.healthyMs },
        end.detail,
        interruptsBefore,
      );
  }
}

/** Returns when nothing keeps the branch from running, or when it has to end or to leave. */
async function holdBack(branch: SupervisedBranch): Promise<void> {
  const { control } = branch;
  while (!control.leaving) {
    const { wish, hold } = control;
    if (wish === 'pause') {
      enter(branch, 'paused', 'paused; resume to go on');
    } else if (wish === 'run' && hold !== null) {
      branch.record.inEpisode = false;
      enter(branch, hold.state, hold.detail);
    } else {
      return;
    }
    await condition(() => control.wish !== wish || control.hold !== hold || control.leaving);
  }
}

/** A run that the former execution has left alive, and that nobody wants any more since: a message came before it was taken up again. */
function hasUnwantedRun({ record, control }: SupervisedBranch): boolean {
  return record.carriesRun && control.runMustEnd && patched('unwanted-run-ends');
}

/** Ends the living run of a branch outside of the wait for its end. */
export async function endRun(branch: SupervisedBranch): Promise<void> {
  const { record, control, host } = branch;
  if (record.runKey === null) return;
  enter(branch, 'stopping', 'ending the run');
  await host.stop({ runKey: record.runKey }, control.endReason, control.endCause);
  record.runEnded();
}

/** A pause before a retry that the former execution had begun. */
async function finishCarriedWait(branch: SupervisedBranch): Promise<void> {
  const { record, control } = branch;
  const leftMs = record.carriedWaitUntilMs - Date.now();
  if (record.carriedWaitUntilMs === 0 || leftMs <= 0) return;
  await interruptibleWait(control, control.interrupts, leftMs, record.detail);
}
