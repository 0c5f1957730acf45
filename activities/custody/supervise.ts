import { statSync } from 'node:fs';
import { boundLog } from './bounded-log.js';
import { concludeRun, readExitStatus } from './conclude.js';
import { conflictingLock } from './launch.js';
import { isStarved } from './feed.js';
import { isMute, reserveLogSpace } from './log-room.js';
import { careForOwner } from './owner-care.js';
import { isAlive } from './process-info.js';
import { groupHasMembers } from './process-signals.js';
import { observeProgress } from './progress-watch.js';
import type { CustodyServices } from './services.js';
import { endProcesses } from './stop-run.js';
import type { SupervisedRun } from './supervised-run.js';

/** News that an owner who is away may still get. */
const NEWS_MAX = 10;
/** What the first of two stages may still write after the last one has ended. */
const FIRST_STAGE_GRACE_MS = 1_000;

/** The quick look at a run: is an adopted process still there, has a new one begun, does a log overflow? */
export function pollRun(services: CustodyServices, run: SupervisedRun): void {
  if (run.phase !== 'running') return;
  if (run.child === null || run.leaderGone) {
    if (!numberIsTaken(run)) noticeEnd(services, run);
  } else if (run.milestones.firstProgressAt === null) {
    observeProgress(services, run);
    careForOwner(services, run, performance.now());
  }
}

/** The look each second: progress, stall, watcher, owner. */
export function tickRun(services: CustodyServices, run: SupervisedRun): void {
  const nowMs = performance.now();
  if (run.phase === 'running') {
    observeProgress(services, run);
    if (run.child === null && !run.isLiving()) noticeEnd(services, run);
    noticeLostLastStage(services, run, nowMs);
    noticeStall(services, run, nowMs);
    tickWatcher(services, run);
  }
  careForOwner(services, run, nowMs);
}

/** Cuts the logs of a run that are too large; true when one was. */
export function boundLogs(services: CustodyServices, run: SupervisedRun): boolean {
  if (run.phase !== 'running') return false;
  const { stderrFile, progressFile } = run.files;
  const stderrCut = boundLog(stderrFile, services.limits);
  const progressCut = boundLog(progressFile, services.limits);
  if (progressCut) run.tail.restart();
  // What was reserved went with what was cut.
  if (stderrCut || progressCut) reserveLogSpace(run.files);
  return stderrCut || progressCut;
}

/**
 * The wrapper has ended. When it left no exit status although a process of its group lives on, somebody killed the wrapper
 * alone: the tool goes on and is watched without it. Otherwise the run is over.
 */
export async function leaderEnded(
  services: CustodyServices,
  run: SupervisedRun,
  wrapperStatus: number | null,
): Promise<void> {
  if (run.released || run.leaderGone) return;
  run.leaderGone = true;
  const explained = readExitStatus(run) !== null || conflictingLock(run.spec, wrapperStatus) !== null;
  if (!explained && !run.killSent && (await adoptOrphans(services, run))) return;
  await concludeRun(services, run, { wrapperStatus });
}

async function adoptOrphans(services: CustodyServices, run: SupervisedRun): Promise<boolean> {
  const { leader } = run;
  if (leader === null) return false;
  const group = run.child !== null && groupHasMembers(leader.pid) ? leader.pid : null;
  run.seeksOrphans = true;
  const found = await services.hunt.find(run.stored.nonce, group);
  run.seeksOrphans = false;
  run.orphans = found.filter(({ session, pid }) => session === leader.pid && pid !== leader.pid);
  if (run.orphans.length > 0) {
    services.logger.warn({ runKey: run.runKey }, 'the wrapper of a run was killed; its processes go on');
  }
  return run.orphans.length > 0;
}

/** Asks without reading anything: good enough four times a second, while `tickRun` makes sure that it is the same process. */
function numberIsTaken(run: SupervisedRun): boolean {
  if (run.leaderGone) return run.orphans.some(isAlive);
  if (run.leader === null) return false;
  try {
    process.kill(run.leader.pid, 0);
    return true;
  } catch {
    return false;
  }
}

function noticeEnd(services: CustodyServices, run: SupervisedRun): void {
  // What lives on without its wrapper is not known yet.
  if (run.seeksOrphans) return;
  if (run.leaderGone) void concludeRun(services, run);
  else void leaderEnded(services, run, null);
}

/** A first stage may outlive the last one, because it ignores SIGTERM or sits in the kernel; the run is over nevertheless. */
function noticeLostLastStage(services: CustodyServices, run: SupervisedRun, nowMs: number): void {
  if (run.plan === null || run.plan.stages.length < 2) return;
  if (run.lastStageEndedAtMs === null) {
    const writtenMs = statSync(run.files.exitFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const createdMs = statSync(run.files.verdictFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (writtenMs > createdMs && readExitStatus(run) !== null) run.lastStageEndedAtMs = nowMs;
  } else if (nowMs - run.lastStageEndedAtMs >= FIRST_STAGE_GRACE_MS) {
    void concludeRun(services, run);
  }
}

function noticeStall(services: CustodyServices, run: SupervisedRun, nowMs: number): void {
  if (run.stop !== null || run.stalledForMs !== null || run.endEvidence !== null) return;
  if (run.stallClock === null) return;
  if (isStarved(services, run) || isMute(run)) run.stallClock.hold(nowMs);
  const stalledForMs = run.stallClock.stalledForMs(nowMs);
  if (stalledForMs === null) return;
  run.stalledForMs = stalledForMs;
  services.logger.warn(
    { runKey: run.runKey, stalledForMs: Math.round(stalledForMs) },
    'a run makes no progress',
  );
  void endProcesses(services, run);
}

function tickWatcher(services: CustodyServices, run: SupervisedRun): void {
  if (run.watcher === null || run.watcherBusy) return;
  run.watcherBusy = true;
  run.pendingWatcherTick = run.watcher
    .tick(run.progress, run.progressAtMs)
    .then(() => heedWatcher(services, run))
    .catch((error: unknown) => {
      services.logger.warn({ runKey: run.runKey, err: error }, 'a watcher failed');
    })
    .finally(() => {
      run.watcherBusy = false;
    });
}

/** What the watcher has found: news for the owner, and perhaps that the run must not go on. */
function heedWatcher(services: CustodyServices, run: SupervisedRun): void {
  if (run.watcher === null || run.phase !== 'running' || run.released) return;
  const news = run.watcher.takeNews?.() ?? null;
  if (news !== null) {
    run.ownerNews.push({ ...news, runKey: run.runKey, at: new Date().toISOString() });
    if (run.ownerNews.length > NEWS_MAX) run.ownerNews.shift();
  }
  if (run.stop !== null || run.stalledForMs !== null || run.endEvidence !== null) return;
  run.endEvidence = run.watcher.mustEnd?.() ?? null;
  if (run.endEvidence === null) return;
  services.logger.warn({ runKey: run.runKey, evidence: run.endEvidence }, 'a run must not go on');
  void endProcesses(services, run);
}
