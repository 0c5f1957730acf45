import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bridge,
  parseSegmentName,
  runOfFactsFile,
  STATE_FOLDER,
  type Manifest,
  type RunFacts,
} from '../../core/manifest/index.js';
import type { OpenSegment } from './open-segment.js';

/** Time that is missing and not in the manifest yet: its line is written together with the next segment. */
export interface PendingGap {
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly toMs: number | null;
  /** Up to now while it lasts. */
  readonly durationMs: number;
  readonly cause: string;
  readonly evidence: string;
}

export interface PendingGapQuestion {
  /** Folder of the branch. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly open: OpenSegment | null;
  readonly nowMs: number;
}

/** What is missing since the last segment of the manifest; null while it is followed on, or was meant to end. */
export async function findPendingGap(question: PendingGapQuestion): Promise<PendingGap | null> {
  const { folder, manifest, open, nowMs } = question;
  const previous = manifest.segments.at(-1);
  if (previous === undefined) return null;
  const runs = (await readRunFacts(join(folder, STATE_FOLDER))).filter(({ run }) => run >= previous.run);
  const newest = runs.at(-1);
  if (newest === undefined) return null;
  const openRun = open === null ? null : (parseSegmentName(open.file)?.run ?? null);
  // The last segment of a run that has just ended is about to be listed.
  if (openRun === previous.run) return null;
  const isRecording = open !== null && openRun !== null && openRun > previous.run;
  if (!isRecording && !isMissed(runs, previous.run)) return null;
  const toMs = isRecording ? open.sinceMs : null;
  const knownToMs = toMs ?? nowMs;
  const nextRun = isRecording ? openRun : newest.run + (newest.end === null ? 0 : 1);
  const { gap } = bridge({ previous, run: nextRun, startMs: knownToMs, runs });
  if (gap === null) return null;
  const fromMs = Date.parse(gap.from);
  return { fromMs, toMs, durationMs: knownToMs - fromMs, cause: gap.cause, evidence: gap.evidence };
}

/** The last run that has ended was lost, and none records now. */
function isMissed(runs: readonly RunFacts[], recordedRun: number): boolean {
  const newest = runs.at(-1);
  const goesOn = newest?.run === recordedRun && newest.end === null;
  const lastEnd = runs.findLast(({ end }) => end !== null)?.end;
  return !goesOn && (lastEnd?.outcome === 'failed' || lastEnd?.outcome === 'cut');
}

async function readRunFacts(stateFolder: string): Promise<RunFacts[]> {
  const files = await readdir(stateFolder).catch(() => []);
  const facts = await Promise.all(
    files
      .filter((file) => runOfFactsFile(file) !== null)
      .map(async (file) => parseFacts(await readFile(join(stateFolder, file), 'utf8').catch(() => ''))),
  );
  return facts.filter((one) => one !== null).sort((left, right) => left.run - right.run);
}

/** The writer may be in the middle of it: what cannot be read counts as not there. */
function parseFacts(text: string): RunFacts | null {
  try {
    return JSON.parse(text) as RunFacts;
  } catch {
    return null;
  }
}
