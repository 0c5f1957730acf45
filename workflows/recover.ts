import { patched } from '@temporalio/workflow';
import type { MediaCause } from '../core/causes.js';
import { decide, hasSpent, type Decision, type Incident } from '../core/recovery/decide.js';
import type { Loss } from './branch-record.js';
import {
  AGAIN_FRESH,
  enter,
  now,
  type BranchResult,
  type Next,
  type SourceQuestion,
  type SupervisedBranch,
} from './supervised-branch.js';
import { interruptibleWait, waitForAnswer, type WaitResult } from './waits.js';
import { attemptWords, clockTime, decisionWords } from './wording.js';

/** There is no show: wait for the next one if somebody wants it, otherwise stop. */
export async function afterNotLive(
  branch: SupervisedBranch,
  detail: string,
  afterShow: boolean,
): Promise<Next> {
  const { record } = branch;
  record.inEpisode = false;
  record.unconfirmedLoss = null;
  // What was spent, was spent on the show that is over. Workflows of earlier versions have decided otherwise.
  if (hasSpent(record.budget) && patched('new-show-new-budget')) record.beginAnew();
  if (await branch.awaitLive(detail, afterShow)) return AGAIN_FRESH;
  return {
    kind: 'end',
    result: stopped(branch, afterShow ? `the show is over: ${detail}` : `no live URL: ${detail}`),
  };
}

/** Decides about an incident, says so, and waits as decided. */
export async function afterIncident(
  branch: SupervisedBranch,
  incident: Incident,
  detail: string,
  interruptsBefore: number,
): Promise<Next> {
  const { record } = branch;
  const decision = decide(branch.policy(), incident, record.budget);
  record.budget = decision.budget;
  const { cause } = incident;
  record.addIncident({ at: now(), cause, detail, action: decisionWords(decision) }, decision.attempt);
  switch (decision.action) {
    case 'retry':
      return await retry(branch, decision, incident, detail, interruptsBefore);
    case 'wait':
      if (decision.for === 'connection') {
        return await waitForConnection(branch, decision, incident, detail, interruptsBefore);
      }
      if (decision.for === 'signal' && branch.signalLost !== undefined) {
        branch.signalLost(detail);
        return AGAIN_FRESH;
      }
      return await afterNotLive(branch, detail, false);
    case 'stop_branch':
    case 'fail':
      return giveUp(branch, decision, incident.cause, detail);
  }
}

async function retry(
  branch: SupervisedBranch,
  decision: Extract<Decision, { action: 'retry' }>,
  incident: Incident,
  detail: string,
  interruptsBefore: number,
): Promise<Next> {
  const { record, control } = branch;
  const loss = { cause: incident.cause, detail };
  // Whether an expired address is a loss or the end of the show, only the fresh one tells.
  if (incident.cause === 'url_expired' && decision.delayMs === 0) record.unconfirmedLoss = loss;
  else beginEpisode(branch, loss);
  record.retrying(decision.attempt, decision.maxAttempts);
  const attempt = attemptWords(decision.attempt, decision.maxAttempts);
  const at = Date.now() + decision.delayMs;
  const words = `retrying ${attempt}, next attempt ${clockTime(at)}, ${detail}`;
  enter(branch, 'retrying', words, at);
  const summary = branch.timerPrefix + words;
  const waited = await interruptibleWait(control, interruptsBefore, decision.delayMs, summary);
  return { kind: 'again', fresh: decision.freshSource || waited === 'interrupted' };
}

async function waitForConnection(
  branch: SupervisedBranch,
  decision: Extract<Decision, { for: 'connection' }>,
  incident: Incident,
  detail: string,
  interruptsBefore: number,
): Promise<Next> {
  beginEpisode(branch, { cause: incident.cause, detail });
  const at = Date.now() + decision.maxWaitMs;
  const question = decision.earlyReturn ? branch.sourceQuestion() : null;
  const sooner = question?.mayBeAnswered === true ? ' or as soon as the source answers' : '';
  const words = `waiting for the source until ${clockTime(at)}${sooner}, ${detail}`;
  enter(branch, 'retrying', words, at);
  await connectionWait(branch, decision, question, branch.timerPrefix + words, interruptsBefore);
  return AGAIN_FRESH;
}

async function connectionWait(
  branch: SupervisedBranch,
  { maxWaitMs, notBeforeMs }: Extract<Decision, { for: 'connection' }>,
  question: SourceQuestion | null,
  summary: string,
  interruptsBefore: number,
): Promise<WaitResult> {
  if (question === null) {
    return await interruptibleWait(branch.control, interruptsBefore, maxWaitMs, summary);
  }
  return await waitForAnswer(branch.control, interruptsBefore, maxWaitMs, summary, () =>
    question.ask(maxWaitMs, notBeforeMs),
  );
}

function giveUp(
  branch: SupervisedBranch,
  decision: Extract<Decision, { action: 'fail' | 'stop_branch' }>,
  cause: MediaCause,
  detail: string,
): Next {
  const { record, notifier } = branch;
  const facts = { branch: record.name, cause, detail };
  const rest = branch.whatContinues();
  if (decision.action === 'stop_branch') {
    notifier.send({ event: 'branch_stopped', what: branch.label, cause, rest }, facts);
  } else if (decision.attempts > 0) {
    notifier.send(
      { event: 'retries_exhausted', attempts: decision.attempts },
      { ...facts, attempt: decision.attempts },
    );
  } else {
    notifier.send({ event: 'fatal', cause, detail }, facts);
  }
  // A recording that was stopped to save the rest has not failed; one that was all there was, has.
  const state = decision.action === 'stop_branch' && rest !== null ? 'stopped' : 'error';
  enter(branch, state, `${cause}: ${detail}`);
  return { kind: 'end', result: { kind: 'failed', cause, detail } };
}

/** The source was lost: say so once, until media flows again. */
export function beginEpisode(branch: SupervisedBranch, { cause, detail }: Loss): void {
  const { record, notifier } = branch;
  record.unconfirmedLoss = null;
  if (record.inEpisode) return;
  record.inEpisode = true;
  notifier.send({ event: 'retry_started' }, { branch: record.name, cause, attempt: 1, detail });
}

/** The branch has ended as wished. */
export function stopped(branch: SupervisedBranch, reason: string): BranchResult {
  enter(branch, 'stopped', reason);
  return { kind: 'stopped', reason };
}
