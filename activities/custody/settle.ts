import type { RunEnd } from '../../core/run.js';
import { cleanLeftovers } from './leftovers.js';
import { releaseProgressRoom } from './log-room.js';
import { reportEnd } from './report.js';
import type { Verdict } from './run-records.js';
import type { CustodyServices } from './services.js';
import { writeSlot } from './slot-file.js';
import type { SupervisedRun } from './supervised-run.js';

/** A recording that cannot be closed for this many tries (hours) is left as it is. */
const FINALIZE_ATTEMPTS_MAX = 1_000;

/**
 * After the verdict: tell the owner, close what was written and end what was left running, side by side, because a retry
 * should wait for none of the others. What is done is noted on disk; a new worker does the rest again.
 */
export async function settleRun(services: CustodyServices, run: SupervisedRun, end: RunEnd): Promise<void> {
  const reported = reportEnd(services, run, end).then((report) => {
    if (report !== null) note(services, run, { report });
  });
  run.cleaned = cleanLeftovers(services, run);
  const finalized = finalize(services, run, end).then((done) => {
    if (!done) return;
    note(services, run, { finalized: true });
    run.finalized.resolve(true);
  });
  await Promise.all([reported, run.cleaned, finalized]);
  if (run.released) return;
  run.phase = 'settled';
  services.registry.remove(run);
  run.settled.resolve(true);
  await retain(services, run, end);
}

/** The directory of a finished run stays for a while; older ones of its branch go. */
async function retain(services: CustodyServices, run: SupervisedRun, end: RunEnd): Promise<void> {
  const { workflowId, branch } = run.spec;
  try {
    releaseProgressRoom(run.files);
    services.finished.add(workflowId, branch, run.files.runDir, Date.parse(end.endedAt));
    await services.finished.pruneBranch(workflowId, branch, Date.now());
    await services.spare.refill();
  } catch (error) {
    services.logger.warn({ runKey: run.runKey, err: error }, 'old run directories could not be removed');
  }
}

function note(services: CustodyServices, run: SupervisedRun, change: Partial<Verdict>): void {
  if (run.verdict === null || run.released) return;
  run.verdict = { ...run.verdict, ...change };
  try {
    writeSlot(run.files.verdictFile, run.verdict);
  } catch (error) {
    services.logger.error(
      { runKey: run.runKey, err: error },
      'what was done for an ended run could not be noted',
    );
  }
}

/** Closes what the run has written. A full disk may stand in the way for a while, so it is tried again. */
async function finalize(services: CustodyServices, run: SupervisedRun, end: RunEnd): Promise<boolean> {
  if (run.watcher === null || run.verdict?.finalized === true) return true;
  await run.pendingWatcherTick;
  let pauseMs = services.limits.ownerRetryMinMs;
  for (let attempt = 1; attempt <= FINALIZE_ATTEMPTS_MAX; attempt += 1) {
    if (run.released) return false;
    try {
      await run.watcher.finalize(end);
      return true;
    } catch (error) {
      services.logger.warn(
        { runKey: run.runKey, attempt, err: error },
        'an ended run could not be finalized yet',
      );
    }
    await run.news.wait(pauseMs);
    pauseMs = Math.min(pauseMs * 2, services.limits.ownerRetryMaxMs);
  }
  services.logger.error({ runKey: run.runKey }, 'an ended run was left unfinalized');
  return true;
}
