import type { MediaCause } from '../../core/causes.js';
import type { RunEnd, RunKey } from '../../core/run.js';
import { isStarved } from './feed.js';
import { signalEach, signalGroup } from './process-signals.js';
import { directoryNameOf, filesOf, runsFolder } from './run-files.js';
import type { Verdict } from './run-records.js';
import type { CustodyServices } from './services.js';
import { readSlot, writeSlot } from './slot-file.js';
import { stopByLadder } from './stop-ladder.js';
import type { SupervisedRun } from './supervised-run.js';
import { within } from './wakeup.js';
import { join } from 'node:path';

/** Why a run is stopped: in words, and as a cause of the catalogue where it is one. */
export type StopReason = string | { readonly reason: string; readonly cause?: MediaCause | undefined };

/** Patience with the first signal to a run whose feed is silent. */
const STARVED_STEP_MS = 2_000;

/** The ladder has three steps; an end needs a little longer to become a verdict. */
const LADDER_STEPS = 4;
/** Most processes end sooner than this by themselves. */
const WAKE_INTERVAL_MS = 150;

/**
 * Stops a run and tells how it ended, also when it had ended before; null when there is no trace of it.
 * Throws when its processes cannot be killed.
 */
export async function stopRun(
  services: CustodyServices,
  runKey: RunKey,
  why: StopReason,
): Promise<RunEnd | null> {
  const run = services.registry.byKey(runKey);
  if (run === undefined) return pastEnd(services, runKey);
  void beginStop(services, run, why);
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
  why: StopReason,
): Promise<void> {
  if (run.phase === 'ended' || run.phase === 'settled') return;
  if (run.stop === null) {
    run.stop = { ...(typeof why === 'string' ? { reason: why } : why), at: new Date().toISOString() };
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
  const { ladderStepMs } = services.limits;
  // ffmpeg that still looks at a silent input hears no call, only a second signal; it has nothing to finish.
  const firstStepMs = isStarved(services, run) ? Math.min(STARVED_STEP_MS, ladderStepMs) : ladderStepMs;
  const ladder = run.ladder ?? stopByLadder(ladderTarget(run), ladderStepMs, firstStepMs);
  run.ladder = ladder;
  const waking = wakeUntilGone(run);
  const gone = await ladder.finally(() => clearInterval(waking));
  run.ladder = null;
  if (!gone && !run.released) services.logger.error({ runKey: run.runKey }, 'a run does not end by SIGKILL');
}

/** A process that waits for its input for ever does not hear a polite signal. */
function wakeUntilGone(run: SupervisedRun): NodeJS.Timeout {
  return setInterval(() => {
    if (run.phase === 'running' && !run.released) run.watcher?.wake?.();
  }, WAKE_INTERVAL_MS);
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
