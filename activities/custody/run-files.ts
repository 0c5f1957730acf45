import { join } from 'node:path';
import type { RunKey } from '../../core/run.js';
import type { RunPaths } from './handler.js';
import { escapeName } from './escape-name.js';

/** Every file of a run directory. Slots are overwritten in place, logs are appended to. */
export interface RunFiles extends RunPaths {
  /** Slot: `StoredSpec`. */
  readonly specFile: string;
  /** The plan with secrets expanded; readable by nobody else. */
  readonly planFile: string;
  /** Slot: `Lease`. */
  readonly tokenFile: string;
  /** Slot: `StopMarker`. */
  readonly stopFile: string;
  /** Slot: `Milestones`. */
  readonly milestonesFile: string;
  /** Slot: `Verdict`. */
  readonly verdictFile: string;
  /** Slot of the wrapper: its own line of `/proc/<pid>/stat`. */
  readonly processFile: string;
  /** Slots of the wrapper: exit status of the last and, of two stages, of the first. */
  readonly exitFile: string;
  readonly firstExitFile: string;
  /** Held by every process of the run. */
  readonly lockFile: string;
}

/** Folder of all run directories. */
export function runsFolder(dataDir: string): string {
  return join(dataDir, 'runs');
}

/** Folder of the locks that outlive a run: one for each branch. */
export function locksFolder(dataDir: string): string {
  return join(dataDir, 'locks');
}

/** Name of the directory in which a run is looked for. After an adoption under a new key it is a link to the older one. */
export function directoryNameOf(runKey: RunKey): string {
  return escapeName(runKey);
}

/** The lock that makes a second run of a branch impossible. */
export function branchLockPath(dataDir: string, workflowId: string, branch: string): string {
  return join(locksFolder(dataDir), `branch-${escapeName(`${workflowId}/${branch}`)}`);
}

/** Paths inside a run directory. */
export function filesOf(runDir: string): RunFiles {
  return {
    runDir,
    stderrFile: join(runDir, 'stderr.log'),
    progressFile: join(runDir, 'progress.log'),
    eventsFile: join(runDir, 'events.log'),
    readerFile: join(runDir, 'reader.log'),
    specFile: join(runDir, 'spec.json'),
    planFile: join(runDir, 'plan.json'),
    tokenFile: join(runDir, 'token'),
    stopFile: join(runDir, 'stop'),
    milestonesFile: join(runDir, 'milestones.json'),
    verdictFile: join(runDir, 'verdict.json'),
    processFile: join(runDir, 'process'),
    exitFile: join(runDir, 'exit'),
    firstExitFile: join(runDir, 'exit.first'),
    lockFile: join(runDir, 'lock'),
  };
}
