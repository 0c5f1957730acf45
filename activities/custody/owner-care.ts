import type { RunHeartbeat } from '../../core/run.js';
import type { Lease } from './owner.js';
import { keepMilestones } from './progress-watch.js';
import type { CustodyServices } from './services.js';
import { beginStop } from './stop-run.js';
import type { SupervisedRun } from './supervised-run.js';

/** Heartbeats go out at least this many times within the timeout. */
const HEARTBEATS_PER_TIMEOUT = 3;
const REASON_ABANDONED = 'its workflow is gone';

/**
 * Keeps the owner of a run informed: heartbeats, the news of the first progress, and the question whether there still is an
 * owner once the token is dead. Never waits; at most one call of a kind is under way for each run.
 */
export function careForOwner(services: CustodyServices, run: SupervisedRun, nowMs: number): void {
  if (run.phase === 'running') {
    const { firstProgressAt, startAnnounced } = run.milestones;
    if (run.lease !== null && !run.tokenUnknown && nowMs >= run.heartbeatDueAtMs) {
      void sendHeartbeat(services, run, run.lease, nowMs);
    }
    if (firstProgressAt !== null && !startAnnounced && nowMs >= run.announceDueAtMs) {
      void announceStart(services, run, firstProgressAt, nowMs);
    }
    if (run.ownerNews.length > 0 && nowMs >= run.newsDueAtMs) void passNewsOn(services, run, nowMs);
  }
  if ((run.tokenUnknown || run.lease === null) && !run.abandoned && nowMs >= run.ownerCheckDueAtMs) {
    void lookForOwner(services, run, nowMs);
  }
}

/** How long after a heartbeat the next one is due. */
export function heartbeatIntervalMs(services: CustodyServices, lease: Lease): number {
  return Math.min(services.limits.heartbeatIntervalMaxMs, lease.heartbeatTimeoutMs / HEARTBEATS_PER_TIMEOUT);
}

async function sendHeartbeat(
  services: CustodyServices,
  run: SupervisedRun,
  lease: Lease,
  nowMs: number,
): Promise<void> {
  if (run.ownerBusy) return;
  run.ownerBusy = true;
  const intervalMs = heartbeatIntervalMs(services, lease);
  run.heartbeatDueAtMs = nowMs + intervalMs;
  try {
    const answer = await services.owner.heartbeat(lease.token, heartbeatOf(run));
    // A cancelled or paused activity is the workflow's affair: it stops a run by stopRun.
    if (answer === 'unknown' && run.lease === lease) run.tokenUnknown = true;
  } catch (error) {
    run.heartbeatDueAtMs = nowMs + Math.min(intervalMs, services.limits.tickIntervalMs * 2);
    services.logger.debug({ runKey: run.runKey, err: error }, 'a heartbeat was not answered');
  } finally {
    run.ownerBusy = false;
  }
}

function heartbeatOf(run: SupervisedRun): RunHeartbeat {
  const continuityErrors = run.watcher?.continuityErrors?.();
  return {
    ...(continuityErrors === undefined ? {} : { continuityErrors }),
    runKey: run.runKey,
    pid: run.leader?.pid ?? null,
    progress: run.figures.of(run.progress, run.watcher?.bytesWritten?.(), performance.now()),
    startedAt: run.stored.startedAt,
    firstProgressAt: run.milestones.firstProgressAt,
  };
}

async function announceStart(
  services: CustodyServices,
  run: SupervisedRun,
  at: string,
  nowMs: number,
): Promise<void> {
  if (run.announceBusy) return;
  run.announceBusy = true;
  const { lease } = run;
  try {
    await services.owner.runStarted(run.spec.workflowId, { runKey: run.runKey, at });
    // A new owner that came meanwhile has to hear it as well.
    if (run.lease === lease) keepMilestones(services, run, { startAnnounced: true });
  } catch (error) {
    run.announceDueAtMs = nowMs + services.limits.tickIntervalMs * 2;
    services.logger.debug(
      { runKey: run.runKey, err: error },
      'the start of a run could not be announced yet',
    );
  } finally {
    run.announceBusy = false;
  }
}

async function passNewsOn(services: CustodyServices, run: SupervisedRun, nowMs: number): Promise<void> {
  if (run.newsBusy) return;
  run.newsBusy = true;
  try {
    for (let news = run.ownerNews[0]; news !== undefined; news = run.ownerNews[0]) {
      await services.owner.runNews(run.spec.workflowId, news);
      run.ownerNews.shift();
    }
  } catch (error) {
    run.newsDueAtMs = nowMs + services.limits.tickIntervalMs * 2;
    services.logger.debug({ runKey: run.runKey, err: error }, 'news of a run could not be passed on yet');
  } finally {
    run.newsBusy = false;
  }
}

/** A dead token says nothing about the workflow. Only a server that says twice, a grace apart, that it is gone ends a run. */
async function lookForOwner(services: CustodyServices, run: SupervisedRun, nowMs: number): Promise<void> {
  if (run.ownerBusy) return;
  run.ownerBusy = true;
  run.ownerCheckDueAtMs = nowMs + services.limits.ownerCheckIntervalMs;
  const { lease } = run;
  try {
    const gone = await services.owner.ownerIsGone(run.spec.workflowId);
    if (run.released || run.lease !== lease) return;
    if (!gone) {
      run.ownerGoneSinceMs = null;
      return;
    }
    run.ownerGoneSinceMs ??= nowMs;
    if (nowMs - run.ownerGoneSinceMs >= services.limits.ownerAbsentGraceMs) abandon(services, run);
  } catch (error) {
    services.logger.debug({ runKey: run.runKey, err: error }, 'the owner of a run could not be asked for');
  } finally {
    run.ownerBusy = false;
  }
}

function abandon(services: CustodyServices, run: SupervisedRun): void {
  services.logger.warn({ runKey: run.runKey }, 'the workflow of a run is gone');
  run.abandoned = true;
  run.news.notify();
  if (run.phase === 'running') void beginStop(services, run, REASON_ABANDONED);
}
