import { isDeepStrictEqual } from 'node:util';
import { lstatSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { endBeforeStart, type RunSpec } from '../../core/run.js';
import type { Lease } from './owner.js';
import { heartbeatIntervalMs } from './owner-care.js';
import { keepMilestones } from './progress-watch.js';
import { directoryNameOf, runsFolder } from './run-files.js';
import type { CustodyServices } from './services.js';
import { writeSlot } from './slot-file.js';
import { startFresh, type StartOutcome } from './start-run.js';
import { stopRun } from './stop-run.js';
import type { SupervisedRun } from './supervised-run.js';
import { within } from './wakeup.js';

/** Between the name of a run and the number that a finished directory is moved aside with. */
const ASIDE_SEPARATOR = '~';

/**
 * Makes sure that a run is there and reports to this lease: the one that has this key already, living or ended; the living one
 * of its branch if it does the same; otherwise a new one. Call it for one branch at a time.
 */
export async function adoptOrStart(
  services: CustodyServices,
  spec: RunSpec,
  lease: Lease,
  isStopped: () => boolean,
): Promise<StartOutcome> {
  const same = services.registry.byKey(spec.runKey);
  if (same !== undefined && awaitsOwner(same)) {
    takeOver(services, same, lease);
    return { kind: 'pending' };
  }
  if (same !== undefined) await waitUntilSettled(services, same);
  for (const other of services.registry.ofBranch(spec.workflowId, spec.branch)) {
    if (isReplacedBy(other, spec)) {
      giveNewKey(services, other, spec);
      takeOver(services, other, lease);
      return { kind: 'pending' };
    }
    await makeWay(services, other, spec);
  }
  // Asked last: making way may have taken a while, and from here on a stop finds the run.
  if (isStopped()) return { kind: 'ended', end: endBeforeStart(spec.runKey, new Date().toISOString()) };
  moveAside(services, spec);
  return startFresh(services, spec, lease);
}

/** A living run that nobody has given up, or an end that has not been told. */
function awaitsOwner(run: SupervisedRun): boolean {
  if (run.abandoned) return false;
  if (run.phase === 'starting' || run.phase === 'running') return true;
  return run.verdict === null || run.verdict.report === 'pending';
}

function takeOver(services: CustodyServices, run: SupervisedRun, lease: Lease): void {
  run.lease = lease;
  run.tokenUnknown = false;
  run.ownerGoneSinceMs = null;
  run.heartbeatDueAtMs = performance.now() + heartbeatIntervalMs(services, lease);
  run.announceDueAtMs = 0;
  // The new owner has not heard the news yet.
  if (run.milestones.startAnnounced) keepMilestones(services, run, { startAnnounced: false });
  try {
    writeSlot(run.files.tokenFile, lease);
  } catch (error) {
    services.logger.warn({ runKey: run.runKey, err: error }, 'a task token could not be kept on disk');
  }
  services.logger.info({ runKey: run.runKey }, 'run adopted by a new attempt');
  run.news.notify();
}

async function waitUntilSettled(services: CustodyServices, run: SupervisedRun): Promise<void> {
  const { finalizeWaitMs, ladderStepMs } = services.limits;
  const settled = await within(finalizeWaitMs + ladderStepMs * 3, run.settled.promise);
  if (settled === null) throw new Error(`The former run ${run.runKey} is not finished yet.`);
}

/** A living run of the same branch that does exactly what is asked for, under another number. */
function isReplacedBy(other: SupervisedRun, spec: RunSpec): boolean {
  return (
    other.phase === 'running' &&
    other.stop === null &&
    other.stalledForMs === null &&
    isDeepStrictEqual(other.spec.recipe, spec.recipe) &&
    isDeepStrictEqual(other.spec.locks, spec.locks)
  );
}

/** The directory keeps its name, because its processes know it; the new key becomes a link to it. */
function giveNewKey(services: CustodyServices, run: SupervisedRun, spec: RunSpec): void {
  moveAside(services, spec);
  const link = join(runsFolder(services.dataDir), directoryNameOf(spec.runKey));
  symlinkSync(basename(run.files.runDir), link);
  run.stored = { ...run.stored, spec };
  writeSlot(run.files.specFile, run.stored);
  services.registry.add(run);
}

/** Nobody will ask for the earlier runs of the branch any more: what lives is stopped, what ended need not be told. */
async function makeWay(services: CustodyServices, other: SupervisedRun, spec: RunSpec): Promise<void> {
  if (other.phase === 'starting' || other.phase === 'running') {
    await stopRun(services, other.runKey, `replaced by run ${spec.run}`);
  }
  other.abandoned = true;
  other.news.notify();
  // Usually nothing is left, and a retry is not kept waiting for the proof of it.
  if (other.leftMembers) await other.cleaned;
}

/** What was under this name before belongs to an earlier life of the workflow. */
function moveAside(services: CustodyServices, spec: RunSpec): void {
  const runDir = join(runsFolder(services.dataDir), directoryNameOf(spec.runKey));
  const stats = lstatSync(runDir, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isSymbolicLink()) {
    unlinkSync(runDir);
    return;
  }
  const aside = `${runDir}${ASIDE_SEPARATOR}${Date.now()}`;
  renameSync(runDir, aside);
  services.finished.rename(spec.workflowId, spec.branch, runDir, aside);
}
