import { access } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { unlessMissing } from '../../recording/file-error.js';
import { chaptersOf } from '../media/chapters.js';
import { joinFile, removeHalfMade, streamMaps } from '../media/join-file.js';
import { requireRoom } from '../media/room.js';
import { withoutSoundAlone } from '../media/sound-alone.js';
import type { MediaTools } from '../media/tools.js';
import { inWords } from '../media/wall-clock.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { linesOf, loadPlan, type FinalizePlan, type PlannedFile } from './plan.js';

/** The header of an MP4 has a few bytes for each picture and piece of sound. */
const HEADER_SHARE = 0.03;

/** Joins the segments of each file without encoding them again. */
export async function join(tools: MediaTools, context: StepContext): Promise<void> {
  const plan = await loadPlan(context);
  await requireParts(plan);
  await removeHalfMade(context.workFolder);
  await requireRoom(context.workFolder, bytesOf(plan) * (1 + HEADER_SHARE));
  const totalMs = plan.files.reduce((sum, { group }) => sum + group.lengthMs, 0);
  let doneBeforeMs = 0;
  for (const file of plan.files) {
    await joinFile(tools, joined(plan, file, { totalMs, doneBeforeMs }), context);
    doneBeforeMs += file.group.lengthMs;
  }
}

function joined(
  plan: FinalizePlan,
  { name, group }: PlannedFile,
  progress: { readonly totalMs: number; readonly doneBeforeMs: number },
) {
  const lines = linesOf(group);
  const [startMs, endMs] = [Date.parse(lines[0]?.start ?? ''), Date.parse(lines.at(-1)?.end ?? '')];
  return {
    folder: plan.folder,
    group,
    name,
    progress,
    coding: [...streamMaps(group), '-c', 'copy', ...withoutSoundAlone(group)],
    metadata: {
      title: `${plan.recording}, ${inWords(startMs)}`,
      comment: `${lines.length} segments of ${plan.branch}, ${inWords(startMs)} to ${inWords(endMs)}`,
      startMs,
      chapters: chaptersOf(group, plan.missing),
    },
  };
}

/** A retention setting may have removed what the survey has seen. */
async function requireParts(plan: FinalizePlan): Promise<void> {
  for (const { file } of plan.files.flatMap(({ group }) => linesOf(group))) {
    const isThere = await unlessMissing(
      access(joinPath(plan.folder, file)).then(() => true),
      false,
    );
    if (isThere) continue;
    throw new StepFailure(
      'parts_removed',
      `${file} was removed since the survey: start the job again`,
      false,
    );
  }
}

function bytesOf({ files }: FinalizePlan): number {
  return files.flatMap(({ group }) => linesOf(group)).reduce((sum, { bytes }) => sum + bytes, 0);
}
