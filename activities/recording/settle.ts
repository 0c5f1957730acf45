import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bridge,
  compareSegments,
  formatSegmentName,
  innerGapLines,
  isoInstant,
  parseSegmentName,
  placeMedia,
  type Placement,
  type RunFacts,
  type SegmentLine,
  stampOf,
} from '../../core/manifest/index.js';
import type { Branch } from './branch.js';
import { explainByFeed } from './feed-absence.js';
import { unlessMissing } from './file-error.js';
import { measureSegment, type Measurement } from './measurement.js';
import { decideTail } from './resume-state.js';
import { shortDetail } from './run-facts.js';
import { INVALID_SUFFIX, listSegments, type SegmentFile } from './segment-files.js';
import type { RecordingTools } from './tools.js';

/** A file that is no larger holds its header at most: the run was killed before the first picture was written. */
const HEADER_BYTES_MAX = 4_096;

interface SettleContext {
  readonly branch: Branch;
  readonly tools: RecordingTools;
  /** True for a run whose last file will not grow any more. */
  readonly isOver: (run: number) => boolean;
}

interface MeasuredSegment {
  readonly segment: SegmentFile;
  readonly bytes: number;
  readonly writtenAtMs: number;
  readonly measurement: Measurement;
}

/**
 * Brings every closed segment into the manifest, strictly in the order of recording: what the manifest's last line names, and all before it,
 * is done. So nothing has to be remembered: a worker that dies anywhere in here leaves a state from which the next one goes on.
 * @param endedRun A run that is known to be over although its facts may be lost.
 * @returns False when a closed segment had to be left for later.
 */
export async function settleBranch(branch: Branch, tools: RecordingTools, endedRun = 0): Promise<boolean> {
  const settleUpToRun = await decideTail(branch, Date.now());
  const pending = await pendingSegments(branch);
  const context = { branch, tools, isOver: await runsOver(branch, pending, endedRun) };
  for (const [index, segment] of pending.entries()) {
    const next = pending[index + 1];
    if (segment.run > settleUpToRun) return false;
    if (next === undefined && !context.isOver(segment.run)) return true;
    if (!(await settleSegment(context, segment, next))) return false;
  }
  return true;
}

async function pendingSegments(branch: Branch): Promise<SegmentFile[]> {
  const last = await branch.manifest.lastSegment();
  const done = last === null ? null : parseSegmentName(last.file);
  const segments = await listSegments(branch.folders.folder);
  return done === null ? segments : segments.filter((segment) => compareSegments(segment, done) > 0);
}

/** A branch has one run at a time: a run is over when its end is known or a later one exists. */
async function runsOver(
  branch: Branch,
  pending: readonly SegmentFile[],
  endedRun: number,
): Promise<(run: number) => boolean> {
  const facts = await branch.facts.all();
  const newest = Math.max(0, facts.at(-1)?.run ?? 0, pending.at(-1)?.run ?? 0);
  const ended = new Set(facts.filter((entry) => entry.end !== null).map((entry) => entry.run));
  return (run) => run <= endedRun || run < newest || ended.has(run);
}

/** Brings one closed segment into the manifest. False when it has to wait for the one after it. */
async function settleSegment(
  context: SettleContext,
  segment: SegmentFile,
  next: SegmentFile | undefined,
): Promise<boolean> {
  const measured = await measureOrSetAside(context, segment);
  if (measured === null) return true;
  const placement = await placeSegment(context, measured, next);
  if (placement === null) return false;
  await writeSegment(context.branch, measured, placement);
  return true;
}

/** Null when the file holds nothing to play: an empty one is removed, a damaged one is renamed. */
async function measureOrSetAside(
  context: SettleContext,
  segment: SegmentFile,
): Promise<MeasuredSegment | null> {
  const path = join(context.branch.folders.folder, segment.file);
  const stats = await unlessMissing(stat(path), null);
  if (stats === null) return null;
  if (stats.size === 0) {
    await rm(path, { force: true });
    return null;
  }
  const measurement = await measureSegment(context.tools.ffprobePath, path);
  if ('problem' in measurement) {
    if (stats.size <= HEADER_BYTES_MAX) {
      await rm(path, { force: true });
      return null;
    }
    const invalid = shortDetail(`${segment.file} cannot be played: ${measurement.problem}`);
    context.tools.logger.warn({ path, problem: measurement.problem }, 'segment set aside');
    await context.branch.facts.update(segment.run, { invalid });
    await rename(path, `${path}${INVALID_SUFFIX}`);
    return null;
  }
  return { segment, bytes: stats.size, writtenAtMs: stats.mtimeMs, measurement };
}

/** Null when only the next segment can show where this one lies, and it is not closed yet. */
async function placeSegment(
  context: SettleContext,
  measured: MeasuredSegment,
  next: SegmentFile | undefined,
): Promise<Placement | null> {
  const placement = await placeAlone(context.branch, measured);
  const { run } = measured.segment;
  if (!placement.unsettled) return placement;
  if (next?.run !== run) return context.isOver(run) ? placement : null;
  const nextIsClosed =
    context.isOver(run) || (await exists(context.branch, { ...next, number: next.number + 1 }));
  if (!nextIsClosed) return null;
  const follower = await measureOrSetAside(context, next);
  if (follower === null) return placement;
  const { fromMs } = await placeAlone(context.branch, follower);
  return placeAlone(context.branch, measured, fromMs);
}

async function placeAlone(
  branch: Branch,
  measured: MeasuredSegment,
  nextStartMs?: number,
): Promise<Placement> {
  const { segment, measurement, bytes, writtenAtMs } = measured;
  const samples = await branch.samplesOf(segment.run).of(segment.number);
  const placement = placeMedia({
    samples: [...samples, { writtenAtMs, bytes }],
    index: measurement.index,
    holes: measurement.holes,
    ...(nextStartMs === undefined ? {} : { nextStartMs }),
  });
  const fromMs = writtenAtMs - measurement.durationMs;
  return placement ?? { fromMs, toMs: writtenAtMs, gaps: [], unsettled: false };
}

async function exists(branch: Branch, segment: SegmentFile): Promise<boolean> {
  return (await unlessMissing(stat(join(branch.folders.folder, formatSegmentName(segment))), null)) !== null;
}

/** Names the file by its true start and adds it, with the gaps before and in it, to the manifest. */
async function writeSegment(branch: Branch, measured: MeasuredSegment, placement: Placement): Promise<void> {
  const { segment, measurement, bytes } = measured;
  const previous = await branch.manifest.lastSegment();
  const { startMs, gap } =
    previous === null
      ? { startMs: placement.fromMs, gap: null }
      : bridge({
          previous,
          run: segment.run,
          startMs: placement.fromMs,
          runs: await runsBetween(branch, previous.run, segment.run),
        });
  const file = formatSegmentName({ ...segment, stamp: stampOf(startMs) });
  await renameDurably(branch, segment.file, file);
  const line: SegmentLine = {
    type: 'segment',
    file,
    start: isoInstant(startMs),
    end: isoInstant(Math.max(placement.toMs, startMs + 1)),
    bytes,
    frames: measurement.frames,
    run: segment.run,
  };
  const gaps = [...(gap === null ? [] : [gap]), ...innerGapLines(file, placement.gaps)];
  await branch.manifest.append(await explainByFeed(branch.whyFeedWasAway, gaps), line);
  await branch.samplesOf(segment.run).forget(segment.number);
  await branch.forgetRunsBefore(segment.run);
}

async function runsBetween(branch: Branch, first: number, last: number): Promise<RunFacts[]> {
  return (await branch.facts.all()).filter((facts) => facts.run >= first && facts.run <= last);
}

/** What the manifest says of a file must be true after a power cut, so the file reaches the disk first. */
async function renameDurably(branch: Branch, from: string, to: string): Promise<void> {
  const path = join(branch.folders.folder, to);
  if (from !== to) await rename(join(branch.folders.folder, from), path);
  const handle = await open(path, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
