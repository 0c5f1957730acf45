import type { RunEnd, RunKey } from '../../core/run.js';
import { signalEach, signalGroup } from './process-signals.js';
import { directoryNameOf, filesOf, runsFolder } from './run-files.js';
import type { Verdict } from './run-records.js';
import type { CustodyServices } from './services.js';
import { readSlot, writeSlot } from './slot-file.js';
import { stopByLadder } from './stop-ladder.js';
import type { SupervisedRun } from './supervised-run.js';
import { within } from './wakeup.js';
import { join } from 'node:path';

/** The ladder has three steps; an end needs a little longer to become a verdict. */
const LADDER_STEPS = 4;

/**
 * Stops a run and tells how it ended, also when it had ended before; null when there is no trace of it.
 * Throws when its processes cannot be killed.
 */
export async function stopRun(
  services: CustodyServices,
  runKey: RunKey,
  reason: string,
): Promise<RunEnd | null> {
  const run = services.registry.byKey(runKey);
  if (run === undefined) return pastEnd(services, runKey);
  void beginStop(services, run, reason);
  const { ladderStepMs, evidenceTimeoutMs, finalizeWaitMs } = services.limits;
  const end = await within(ladderStepMs * LADDER_STEPS + evidenceTimeoutMs, run.ended.promise);
  if (end === null) throw new Error(`The processes of ${runKey} do not end.`);
  await within(finalizeWaitMs, run.finalized.promise);
  return end;
}

/** Marks the run as stopped on purpose, so that a later worker knows, and starts the ladder. */
export async function beginStop(
  services: CustodyServices,
  run: SupervisedRun,
  reason: string,
): Promise<void> {
  if (run.phase === 'ended' || run.phase === 'settled') return;
  if (run.stop === null) {
    run.stop = { reason, at: new Date().toISOString() };
    try {
      writeSlot(run.files.stopFile, run.stop);
    } catch (error) {
      services.logger.warn({ runKey: run.runKey, err: error }, 'the stop of a run could not be kept on disk');
    }
  }
  await endProcesses(services, run);
}

/** Goes down the ladder, once at a time. The end itself is noticed like any other. */
export async function endProcesses(services: CustodyServices, run: SupervisedRun): Promise<void> {
  if (run.phase !== 'running') return;
  const ladder = run.ladder ?? stopByLadder(ladderTarget(run), services.limits.ladderStepMs);
  run.ladder = ladder;
  const gone = await ladder;
  run.ladder = null;
  if (!gone && !run.released) services.logger.error({ runKey: run.runKey }, 'a run does not end by SIGKILL');
}

function ladderTarget(run: SupervisedRun): { signal(signal: NodeJS.Signals): void; isGone(): boolean } {
  return {
    signal: (signal) => {
      if (signal === 'SIGKILL') run.killSent = true;
      if (run.leader !== null) signalGroup(run.leader, signal);
      signalEach(run.orphans, signal);
    },
    isGone: () => run.released || run.phase !== 'running',
  };
}

function pastEnd(services: CustodyServices, runKey: RunKey): RunEnd | null {
  const files = filesOf(join(runsFolder(services.dataDir), directoryNameOf(runKey)));
  return (readSlot(files.verdictFile) as Verdict | null)?.end ?? null;
}
