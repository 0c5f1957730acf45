import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { concludeRun, readExitStatus } from './conclude.js';
import { isAlive, parseProcessStat, type ProcessStat } from './process-info.js';
import { recallProgress } from './progress-watch.js';
import { filesOf, runsFolder } from './run-files.js';
import { isRunLockHeld } from './run-lock.js';
import {
  isFinished,
  type Milestones,
  readPlan,
  type StopMarker,
  type StoredSpec,
  type Verdict,
} from './run-records.js';
import type { Lease } from './owner.js';
import type { CustodyServices } from './services.js';
import { settleRun } from './settle.js';
import { readSlot, readSlotText } from './slot-file.js';
import { StallClock } from './stall-clock.js';
import { attachPlan, planAndLaunch } from './start-run.js';
import { beginStop } from './stop-run.js';
import { SupervisedRun } from './supervised-run.js';

const PROCESS_LINE_END = / end$/;

/** Takes up every run that an earlier worker has left: what lives is adopted, what ended is finished, the rest is kept. */
export async function recoverRuns(services: CustodyServices): Promise<void> {
  const folder = runsFolder(services.dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) removeDanglingLink(path);
    else if (entry.name.startsWith('.')) rmSync(path, { recursive: true, force: true });
    else if (entry.isDirectory()) await recoverGuarded(services, path);
  }
  await services.finished.pruneAll(Date.now());
  await services.spare.refill();
}

/** One damaged directory keeps no other run from being taken up. */
async function recoverGuarded(services: CustodyServices, runDir: string): Promise<void> {
  try {
    await recoverDirectory(services, runDir);
  } catch (error) {
    services.logger.error({ runDir, err: error }, 'a run could not be taken up');
  }
}

async function recoverDirectory(services: CustodyServices, runDir: string): Promise<void> {
  const files = filesOf(runDir);
  const stored = readSlot(files.specFile) as StoredSpec | null;
  if (stored === null) {
    services.logger.warn({ runDir }, 'a run directory without a readable spec is left alone');
    return;
  }
  const verdict = readSlot(files.verdictFile) as Verdict | null;
  if (verdict !== null && isFinished(verdict)) {
    const { workflowId, branch } = stored.spec;
    services.finished.add(workflowId, branch, runDir, Date.parse(verdict.end.endedAt));
    return;
  }
  const run = recall(services, runDir, stored, verdict);
  services.registry.add(run, basename(runDir));
  if (verdict !== null) resumeSettling(services, run, verdict);
  else await resumeRun(services, run);
}

/** Makes the run as it was from what is on disk. */
function recall(
  services: CustodyServices,
  runDir: string,
  stored: StoredSpec,
  verdict: Verdict | null,
): SupervisedRun {
  const files = filesOf(runDir);
  const run = new SupervisedRun(files, stored, readSlot(files.tokenFile) as Lease | null);
  run.verdict = verdict;
  run.stop = readSlot(files.stopFile) as StopMarker | null;
  run.milestones = (readSlot(files.milestonesFile) as Milestones | null) ?? run.milestones;
  const plan = readPlan(files);
  if (plan !== null) attachPlan(services, run, plan);
  const leader = readLeader(run);
  if (leader !== null && stored.bootId === services.bootId) run.leader = leader;
  recallProgress(run);
  return run;
}

/** The wrapper's own line of /proc, complete or not at all. */
function readLeader({ files }: SupervisedRun): ProcessStat | null {
  const text = readSlotText(files.processFile);
  return PROCESS_LINE_END.test(text) ? parseProcessStat(text.replace(PROCESS_LINE_END, '')) : null;
}

function resumeSettling(services: CustodyServices, run: SupervisedRun, verdict: Verdict): void {
  run.phase = 'ended';
  run.ended.resolve(verdict.end);
  if (verdict.finalized) run.finalized.resolve(true);
  void settleRun(services, run, verdict.end);
}

async function resumeRun(services: CustodyServices, run: SupervisedRun): Promise<void> {
  if (run.leader !== null && isAlive(run.leader)) {
    adopt(services, run);
    return;
  }
  const isHeld = run.stored.bootId === services.bootId && (await isRunLockHeld(run.files.lockFile));
  if (isHeld && readExitStatus(run) === null) await adoptStrays(services, run);
  if (run.phase === 'running') return;
  const wasStarted = run.plan !== null && (run.leader !== null || readSlotText(run.files.processFile) !== '');
  // Not awaited: the report may take as long as the server is away.
  if (wasStarted || run.stop !== null) void concludeRun(services, run, { foundLater: true });
  else await planAndLaunch(services, run);
}

/** The lock is held but the wrapper is not known or dead: the nonce tells who is there. */
async function adoptStrays(services: CustodyServices, run: SupervisedRun): Promise<void> {
  const found = await services.hunt.find(run.stored.nonce);
  const leader = found.find(({ pid, session }) => pid === session);
  const sessionOfRun = leader?.pid ?? run.leader?.pid;
  run.orphans = found.filter(({ pid, session }) => session === sessionOfRun && pid !== leader?.pid);
  if (leader !== undefined) run.leader = leader;
  else if (run.orphans.length > 0) run.leaderGone = true;
  else return;
  adopt(services, run);
}

function adopt(services: CustodyServices, run: SupervisedRun): void {
  const nowMs = performance.now();
  const quietForMs = Date.now() - (run.progressAtMs ?? Date.parse(run.stored.startedAt));
  run.phase = 'running';
  run.stallClock =
    run.plan?.progress === 'ffmpeg' ? new StallClock(run.spec.stallTimeoutMs, nowMs, quietForMs) : null;
  run.tickDueAtMs = nowMs;
  services.logger.info({ runKey: run.runKey, pid: run.leader?.pid }, 'running process adopted');
  if (run.stop !== null) void beginStop(services, run, run.stop);
}

function removeDanglingLink(path: string): void {
  if (!existsSync(path)) unlinkSync(path);
}
