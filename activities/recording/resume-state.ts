import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSegmentName, stampOf } from '../../core/manifest/index.js';
import type { Branch } from './branch.js';
import { unlessMissing } from './file-error.js';

/** Playlists hold seconds to minutes: what is older than this cannot be taken up. */
const RESUME_AGE_MAX_MS = 600_000;

/** The part of an HLS segment that a killed run left behind. It is thrown away once the segment has been fed again. */
export interface ResumeTail {
  readonly file: string;
  /** Media sequence number of the segment it is part of. */
  readonly sequence: number;
  /** Its name, should it have to stay. */
  readonly run: number;
  readonly number: number;
}

/** The last HLS segment that is completely recorded. */
export interface ResumeState {
  readonly sequence: number;
  readonly uri: string;
  readonly programDateTime?: string;
  /** The run that recorded it. */
  readonly run: number;
  /** ISO 8601: when it was fed. */
  readonly at: string;
  readonly tail?: ResumeTail;
}

/** Where a branch can take up; null when it cannot. */
export async function readResume(branch: Branch): Promise<ResumeState | null> {
  const text = await unlessMissing(readFile(branch.folders.resumeFile, 'utf8'), '');
  try {
    return JSON.parse(text) as ResumeState;
  } catch {
    return null;
  }
}

/** Replaces the place to take up in one step; null removes it. */
export async function writeResume(branch: Branch, state: ResumeState | null): Promise<void> {
  const { resumeFile } = branch.folders;
  if (state === null) {
    await rm(resumeFile, { force: true });
    return;
  }
  const draft = `${resumeFile}.new`;
  await writeFile(draft, JSON.stringify(state), { flush: true });
  await rename(draft, resumeFile);
}

/** True while a playlist may still hold what comes next. */
export function isRecent(state: ResumeState, nowMs: number): boolean {
  return nowMs - Date.parse(state.at) < RESUME_AGE_MAX_MS;
}

/**
 * Decides what becomes of a tail, once the next run has shown whether it feeds that segment again.
 * @returns The run up to which segments may be settled; later ones have to wait for the decision.
 */
export async function decideTail(branch: Branch, nowMs: number): Promise<number> {
  const state = await readResume(branch);
  const tail = state?.tail;
  if (state === null || tail === undefined) return Number.POSITIVE_INFINITY;
  const verdict = await tailVerdict(branch, state, tail, nowMs);
  if (verdict === 'undecided') return tail.run;
  const { tail: _, ...rest } = state;
  if (verdict === 'keep') await keepTail(branch, tail);
  else await rm(join(branch.folders.folder, tail.file), { force: true });
  await writeResume(branch, rest);
  return Number.POSITIVE_INFINITY;
}

async function tailVerdict(
  branch: Branch,
  state: ResumeState,
  tail: ResumeTail,
  nowMs: number,
): Promise<'keep' | 'discard' | 'undecided'> {
  for (const facts of await branch.facts.all()) {
    if (facts.run <= tail.run) continue;
    const first = facts.hls?.firstSequence ?? null;
    if (first !== null) return first === tail.sequence ? 'discard' : 'keep';
    if (facts.end?.outcome === 'stopped' || facts.end?.outcome === 'ended') return 'keep';
  }
  return isRecent(state, nowMs) ? 'undecided' : 'keep';
}

/** The tail becomes a segment of its own, right behind the file it was cut off. */
async function keepTail(branch: Branch, tail: ResumeTail): Promise<void> {
  const { folder } = branch.folders;
  const path = join(folder, tail.file);
  const stats = await unlessMissing(stat(path), null);
  if (stats === null) return;
  const name = { stamp: stampOf(stats.mtimeMs), run: tail.run, number: tail.number, extension: 'ts' };
  await rename(path, join(folder, formatSegmentName(name)));
}
