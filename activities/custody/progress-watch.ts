import type { RunProgress } from '../../core/run.js';
import { hasAdvanced } from './progress-parser.js';
import type { Milestones } from './run-records.js';
import type { CustodyServices } from './services.js';
import { writeSlot } from './slot-file.js';
import type { SupervisedRun } from './supervised-run.js';

/** Takes in what the process has said of itself since the last look. */
export function observeProgress(services: CustodyServices, run: SupervisedRun): void {
  if (run.plan === null) return;
  if (run.plan.progress === 'none') {
    // Nothing will ever be said: a process that has lived for a moment counts as delivering.
    const startedAtMs = Date.parse(run.stored.startedAt);
    const hasLived = Date.now() - startedAtMs >= services.limits.tickIntervalMs;
    if (run.phase === 'running' && hasLived) reachFirstProgress(services, run, startedAtMs);
    return;
  }
  const newest = run.tail.read();
  if (newest === null) return;
  const writtenAtMs = run.tail.writtenAtMs ?? Date.now();
  run.progressAtMs = writtenAtMs;
  if (hasAdvanced(run.progress, newest)) advance(services, run, writtenAtMs);
  run.progress = newest;
}

/** Sets the baseline after an adoption: what is in the file already is no news, but it counts as progress once made. */
export function recallProgress(run: SupervisedRun): void {
  const newest: RunProgress | null = run.tail.read();
  if (newest === null) return;
  run.progress = newest;
  run.progressAtMs = run.tail.writtenAtMs;
  run.lastAdvanceAtMs = run.tail.writtenAtMs;
}

/** Writes milestones down; losing them costs only a repeated signal. */
export function keepMilestones(
  services: CustodyServices,
  run: SupervisedRun,
  change: Partial<Milestones>,
): void {
  run.milestones = { ...run.milestones, ...change };
  try {
    writeSlot(run.files.milestonesFile, run.milestones);
  } catch (error) {
    services.logger.warn({ runKey: run.runKey, err: error }, 'a milestone could not be kept on disk');
  }
}

function advance(services: CustodyServices, run: SupervisedRun, writtenAtMs: number): void {
  run.stallClock?.advanced(performance.now());
  run.isMute = false;
  run.lastAdvanceAtMs = writtenAtMs;
  reachFirstProgress(services, run, writtenAtMs);
}

function reachFirstProgress(services: CustodyServices, run: SupervisedRun, atMs: number): void {
  if (run.milestones.firstProgressAt !== null) return;
  keepMilestones(services, run, { firstProgressAt: new Date(atMs).toISOString() });
}
