import { statSync } from 'node:fs';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd } from '../../core/run.js';
import { readLogTail } from './bounded-log.js';
import { combineStages, type ExitStatus, parseExitFile } from './exit-status.js';
import { judge, tidyDetail, tidyLogTail } from './judge.js';
import { conflictingLock } from './launch.js';
import { lockRefusal } from './lock-refusal.js';
import { type LockHolder, readHolder } from './machine-locks.js';
import { observeProgress } from './progress-watch.js';
import type { CustodyServices } from './services.js';
import { settleRun } from './settle.js';
import { readSlotText, writeSlot } from './slot-file.js';
import type { SupervisedRun } from './supervised-run.js';
import { within } from './wakeup.js';

/** Read for classification; only the last lines of it are reported. */
const EVIDENCE_TEXT_BYTES = 16 * 1024;
const STATUS_UNKNOWN: ExitStatus = { exitCode: null, exitSignal: null };
/** How a shell reports a program that is not there or may not be run. */
const SHELL_SPAWN_ERRORS: Readonly<Record<number, string>> = { 126: 'EACCES', 127: 'ENOENT' };

/** What is known at the moment of the end, beside the files. */
export interface EndNews {
  /** How the wrapper ended, when it was our own child. */
  readonly wrapperStatus?: number | null;
  /** Evidence from before there was a process. */
  readonly startEvidence?: Evidence;
  /** The end lies in the past: it was found by a later worker. */
  readonly foundLater?: boolean;
}

/** The exit status that the wrapper has written, or null. */
export function readExitStatus(run: SupervisedRun): ExitStatus | null {
  const last = parseExitFile(readSlotText(run.files.exitFile));
  if (last === null) return null;
  return combineStages(last, parseExitFile(readSlotText(run.files.firstExitFile)));
}

/** A run has ended: reach the verdict, keep it on disk, then report it. Happens once. */
export async function concludeRun(
  services: CustodyServices,
  run: SupervisedRun,
  news: EndNews = {},
): Promise<void> {
  if (run.released || run.phase === 'ended' || run.phase === 'settled') return;
  run.phase = 'ended';
  const endedAtMs = news.foundLater === true ? lastSignOfLifeMs(run) : Date.now();
  observeProgress(services, run);
  const end = await reachVerdict(services, run, news, endedAtMs);
  // A custodian that has closed in the meantime leaves the verdict to the next one.
  if (run.released) return;
  keepVerdict(services, run, end);
  run.ended.resolve(end);
  services.logger.info(
    { runKey: end.runKey, outcome: end.outcome, cause: end.cause, detail: end.detail },
    'run ended',
  );
  await settleRun(services, run, end);
}

async function reachVerdict(
  services: CustodyServices,
  run: SupervisedRun,
  news: EndNews,
  endedAtMs: number,
): Promise<RunEnd> {
  const written = readExitStatus(run);
  const lock = written === null ? conflictingLock(run.spec, news.wrapperStatus ?? null) : null;
  const status = written ?? (run.killSent ? { exitCode: null, exitSignal: 'SIGKILL' } : STATUS_UNKNOWN);
  const text = readLogTail(run.files.stderrFile, EVIDENCE_TEXT_BYTES);
  const evidence = {
    ...ownEvidence(run, status, text, news),
    ...(await handlerEvidence(services, run)),
    ...run.endEvidence,
  };
  const secrets = run.plan?.secrets ?? [];
  const asking = { workflowId: run.spec.workflowId, dataDir: services.dataDir };
  const facts = {
    status,
    statusLost: written === null && lock === null && news.startEvidence === undefined && !run.killSent,
    stopReason: run.stop?.reason ?? null,
    stopCause: run.stop?.cause ?? null,
    lockRefusal: lock === null ? null : lockRefusal(lock, holderOf(services, run, lock), asking),
    evidence,
  };
  const { detail, ...judgement } = judge(facts, services.classify);
  return {
    runKey: run.runKey,
    ...judgement,
    detail: tidyDetail(detail, secrets),
    logTail: tidyLogTail(text, secrets),
    ...status,
    startedAt: run.stored.startedAt,
    endedAt: new Date(endedAtMs).toISOString(),
    firstProgressAt: run.milestones.firstProgressAt,
    healthyMs: healthyMs(run, endedAtMs),
    progress: run.progress,
    ...continuityOf(run),
  };
}

function continuityOf({ watcher }: SupervisedRun): Pick<RunEnd, 'continuityErrors'> {
  const continuityErrors = watcher?.continuityErrors?.();
  return continuityErrors === undefined ? {} : { continuityErrors };
}

/** Who has the lock that the run did not get: a run of ours, or one of another installation on the machine. */
function holderOf(services: CustodyServices, run: SupervisedRun, lock: string): LockHolder | null {
  const ours = services.registry.holderOf(lock, run)?.spec;
  if (ours !== undefined) return { ...ours, dataDir: services.dataDir };
  return run.spec.locks.includes(lock) ? readHolder(services.machineLocks, lock) : null;
}

function ownEvidence(run: SupervisedRun, status: ExitStatus, text: string, news: EndNews): Evidence {
  const spawnErrorCode =
    run.progress === null && status.exitCode !== null ? SHELL_SPAWN_ERRORS[status.exitCode] : undefined;
  return {
    stopRequested: run.stop !== null,
    ...status,
    ...(spawnErrorCode === undefined ? {} : { spawnErrorCode }),
    ...(run.stalledForMs === null ? {} : { stalledForMs: Math.round(run.stalledForMs) }),
    text,
    ...news.startEvidence,
  };
}

async function handlerEvidence(services: CustodyServices, run: SupervisedRun): Promise<Evidence> {
  if (run.watcher === null) return {};
  try {
    const evidence = await within(services.limits.evidenceTimeoutMs, run.watcher.collectEvidence());
    if (evidence !== null) return evidence;
    services.logger.warn({ runKey: run.runKey }, 'evidence took too long and was left out');
  } catch (error) {
    services.logger.warn({ runKey: run.runKey, err: error }, 'evidence could not be collected');
  }
  return {};
}

function keepVerdict(services: CustodyServices, run: SupervisedRun, end: RunEnd): void {
  run.verdict = { end, report: 'pending', finalized: false };
  try {
    writeSlot(run.files.verdictFile, run.verdict);
  } catch (error) {
    services.logger.error({ runKey: run.runKey, err: error }, 'the verdict could not be kept on disk');
  }
}

function healthyMs(run: SupervisedRun, endedAtMs: number): number {
  const { firstProgressAt } = run.milestones;
  if (firstProgressAt === null) return 0;
  const lastMs = run.plan?.progress === 'none' ? endedAtMs : (run.lastAdvanceAtMs ?? endedAtMs);
  return Math.max(0, Math.round(lastMs - Date.parse(firstProgressAt)));
}

/** When an end was found later: the last time the run is known to have written anything. */
function lastSignOfLifeMs(run: SupervisedRun): number {
  const { exitFile, progressFile, stderrFile } = run.files;
  if (parseExitFile(readSlotText(exitFile)) !== null) return modifiedAtMs(exitFile) ?? Date.now();
  const times = [progressFile, stderrFile].map(modifiedAtMs).filter((time) => time !== null);
  return Math.max(Date.parse(run.stored.startedAt), ...times);
}

function modifiedAtMs(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
