import { randomUUID } from 'node:crypto';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd, RunSpec } from '../../core/run.js';
import { concludeRun } from './conclude.js';
import { type RunHandler, type RunPlan, PlanError, type WatchedRun } from './handler.js';
import { judge, tidyDetail } from './judge.js';
import { branchLockName, conflictingLock, launchRun } from './launch.js';
import { reserveLogSpace } from './log-room.js';
import type { Lease } from './owner.js';
import { heartbeatIntervalMs } from './owner-care.js';
import { readProcessStat } from './process-info.js';
import { directoryNameOf, runsFolder } from './run-files.js';
import { createRunDirectory, type StoredSpec, writePlan } from './run-records.js';
import type { CustodyServices } from './services.js';
import { StallClock } from './stall-clock.js';
import { SupervisedRun } from './supervised-run.js';
import { leaderEnded } from './supervise.js';
import { join } from 'node:path';

/** `pending`: the end will be reported with the token. `ended`: there is no directory to report it from. */
export type StartOutcome = { readonly kind: 'pending' } | { readonly kind: 'ended'; readonly end: RunEnd };

/** Starts a run that has no directory yet. Whatever goes wrong is an end of the run with a cause, reported like any other. */
export async function startFresh(
  services: CustodyServices,
  spec: RunSpec,
  lease: Lease,
): Promise<StartOutcome> {
  const stored: StoredSpec = {
    spec,
    nonce: randomUUID(),
    startedAt: new Date().toISOString(),
    bootId: services.bootId,
  };
  let run: SupervisedRun;
  try {
    await services.spare.giveTo(spec);
    const runDir = join(runsFolder(services.dataDir), directoryNameOf(spec.runKey));
    run = new SupervisedRun(createRunDirectory(runDir, stored, lease), stored, lease);
  } catch (error) {
    return { kind: 'ended', end: endWithoutDirectory(services, stored, error) };
  }
  services.registry.add(run);
  await planAndLaunch(services, run);
  return { kind: 'pending' };
}

/** The steps from a directory to a process. A worker that died in between is continued here by the next one. */
export async function planAndLaunch(services: CustodyServices, run: SupervisedRun): Promise<void> {
  try {
    const handler = handlerOf(services, run.spec);
    const plan = await handler.plan(run.spec, run.files);
    if (run.released) return;
    writePlan(run.files, plan);
    attachPlan(services, run, plan);
    if (run.stop !== null) {
      void concludeRun(services, run);
      return;
    }
    launch(services, run, plan);
  } catch (error) {
    void concludeRun(services, run, { startEvidence: startEvidence(error) });
  }
}

/** Gives a run its plan and the handler's watcher. */
export function attachPlan(services: CustodyServices, run: SupervisedRun, plan: RunPlan): void {
  const watched: WatchedRun = {
    spec: run.spec,
    paths: run.files,
    plan,
    startedAt: run.stored.startedAt,
  };
  run.plan = plan;
  run.watcher = handlerOf(services, run.spec).watch(watched);
}

/** An older worker may be asked for something it does not know yet. */
function handlerOf({ handlers }: CustodyServices, { recipe }: RunSpec): RunHandler {
  const handler = handlers[recipe.kind];
  if (handler !== undefined) return handler;
  const text = `this host cannot run recipes of kind ${recipe.kind}`;
  throw new PlanError(text, { role: 'pipeline', tool: 'other', text });
}

function launch(services: CustodyServices, run: SupervisedRun, plan: RunPlan): void {
  const { files, stored, spec } = run;
  const { dataDir, machineLocks } = services;
  const child = launchRun({ dataDir, machineLocks, spec, nonce: stored.nonce, files, plan });
  run.child = child;
  run.launches += 1;
  const nowMs = performance.now();
  if (child.pid !== undefined) {
    run.leader = { pid: child.pid, startTicks: readProcessStat(child.pid)?.startTicks ?? 0 };
    run.phase = 'running';
    run.stallClock = plan.progress === 'ffmpeg' ? new StallClock(spec.stallTimeoutMs, nowMs) : null;
    run.tickDueAtMs = nowMs + services.limits.tickIntervalMs;
    if (run.lease !== null) run.heartbeatDueAtMs = nowMs + heartbeatIntervalMs(services, run.lease);
    reserveLogSpace(files);
  }
  child.on('error', (error) => {
    void concludeRun(services, run, { startEvidence: startEvidence(error) });
  });
  child.on('exit', (status) => {
    void wrapperExited(services, run, plan, status);
  });
}

/** A stray of the branch's former run may still hold its lock: then wait until that is cleaned up and try again, once. */
async function wrapperExited(
  services: CustodyServices,
  run: SupervisedRun,
  plan: RunPlan,
  status: number | null,
): Promise<void> {
  const { workflowId, branch } = run.spec;
  const former = services.registry.ofBranch(workflowId, branch).filter((other) => other.phase === 'ended');
  const isBlocked = former.length > 0 && conflictingLock(run.spec, status) === branchLockName(run.spec);
  if (!isBlocked || run.launches > 1 || run.stop !== null) {
    await leaderEnded(services, run, status);
    return;
  }
  await Promise.all(former.map(({ cleaned }) => cleaned));
  if (run.released) return;
  if (run.stop !== null) {
    await concludeRun(services, run);
    return;
  }
  try {
    launch(services, run, plan);
  } catch (error) {
    void concludeRun(services, run, { startEvidence: startEvidence(error) });
  }
}

function startEvidence(error: unknown): Evidence {
  if (error instanceof PlanError) return { text: error.message, ...error.evidence };
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return { text: message };
  const text = message;
  if (code === 'ENOSPC' || code === 'EDQUOT') return { errorCode: code, freeBytes: 0, role: 'storage', text };
  if (code === 'EROFS') return { errorCode: code, writable: false, role: 'storage', text };
  return syscall?.startsWith('spawn') === true ? { spawnErrorCode: code, text } : { errorCode: code, text };
}

/** The directory could not even be made, so nothing can be reported from it: the activity itself returns this. */
function endWithoutDirectory(services: CustodyServices, stored: StoredSpec, error: unknown): RunEnd {
  const evidence = startEvidence(error);
  const status = { exitCode: null, exitSignal: null };
  const facts = {
    status,
    statusLost: false,
    stopReason: null,
    stopCause: null,
    lockRefusal: null,
    evidence,
  };
  const { detail, ...judgement } = judge(facts, services.classify);
  return {
    runKey: stored.spec.runKey,
    ...judgement,
    detail: tidyDetail(detail, []),
    logTail: tidyDetail(evidence.text ?? '', []),
    ...status,
    startedAt: stored.startedAt,
    endedAt: new Date().toISOString(),
    firstProgressAt: null,
    healthyMs: 0,
    progress: null,
  };
}
