import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MediaCause } from '../../core/causes.js';
import type { RunEnd, RunSpec } from '../../core/run.js';
import type { RunPlan } from './handler.js';
import type { Lease } from './owner.js';
import { filesOf, type RunFiles } from './run-files.js';
import { createSlot } from './slot-file.js';

/** What a run is, as long as its directory exists. */
export interface StoredSpec {
  readonly spec: RunSpec;
  /** Found in the environment of every process of the run. */
  readonly nonce: string;
  /** ISO 8601 instant, UTC. */
  readonly startedAt: string;
  /** The boot of the machine in which its processes were started. */
  readonly bootId: string;
}

/** Somebody wants the run to end. On disk, so that the next worker knows. */
export interface StopMarker {
  readonly reason: string;
  readonly cause?: MediaCause | undefined;
  readonly at: string;
}

/** What has been reached, each once. */
export interface Milestones {
  readonly firstProgressAt: string | null;
  /** The owner has accepted the news of the first progress. */
  readonly startAnnounced: boolean;
}

/** How a run ended and what has been done about it. A run is finished when it is neither pending nor unfinalized. */
export interface Verdict {
  readonly end: RunEnd;
  /** `abandoned`: there is no owner left who wants to know. */
  readonly report: 'pending' | 'taken' | 'abandoned';
  readonly finalized: boolean;
}

/** Custody's directories hold expanded secrets. */
const DIRECTORY_MODE = 0o700;
/** Sizes with which slots are created: whole blocks, larger than anything that is written there. */
const SMALL_SLOT_BYTES = 4_096;
const LARGE_SLOT_BYTES = 16_384;

/** Nothing more will happen to a run with this verdict. */
export function isFinished(verdict: Verdict): boolean {
  return verdict.report !== 'pending' && verdict.finalized;
}

/**
 * Makes the directory of a run appear with everything in it at once, so that a crash leaves a whole one or none.
 * Throws what the file system throws, ENOSPC above all.
 */
export function createRunDirectory(runDir: string, stored: StoredSpec, lease: Lease): RunFiles {
  const draft = join(dirname(runDir), `.new-${stored.nonce}`);
  mkdirSync(draft, { recursive: true, mode: DIRECTORY_MODE });
  try {
    const files = filesOf(draft);
    createSlot(files.specFile, LARGE_SLOT_BYTES, stored);
    createSlot(files.tokenFile, SMALL_SLOT_BYTES, lease);
    const small = [
      files.stopFile,
      files.milestonesFile,
      files.processFile,
      files.exitFile,
      files.firstExitFile,
    ];
    for (const path of small) createSlot(path, SMALL_SLOT_BYTES);
    // The last of the slots: whatever has a later time was written by the run.
    createSlot(files.verdictFile, LARGE_SLOT_BYTES);
    const logs = [files.stderrFile, files.progressFile, files.eventsFile, files.readerFile, files.lockFile];
    for (const path of logs) writeFileSync(path, '', { mode: 0o600 });
    renameSync(draft, runDir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return filesOf(runDir);
}

/** Keeps the plan, whole or not at all. */
export function writePlan(files: RunFiles, plan: RunPlan): void {
  const draft = `${files.planFile}.new`;
  writeFileSync(draft, JSON.stringify(plan), { mode: 0o600 });
  renameSync(draft, files.planFile);
}

/** The plan, or null when the run never came that far. */
export function readPlan(files: RunFiles): RunPlan | null {
  try {
    return JSON.parse(readFileSync(files.planFile, 'utf8')) as RunPlan;
  } catch {
    return null;
  }
}
