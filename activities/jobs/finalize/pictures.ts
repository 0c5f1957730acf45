import { join } from 'node:path';
import type { FinalizeParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import { hasAudio } from '../media/part.js';
import { mediaProgress } from '../media/progress.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import { makeContactSheet, makeThumbnail, TILES } from './contact-sheet.js';
import { groupHasVideo, loadPlan, type PlannedFile } from './plan.js';
import { makeWaveform } from './waveform.js';

/** So much sound is decoded while one picture is found and decoded. */
const SOUND_PER_PICTURE_MS = 100_000;

/** Makes what shows a recording at a glance: a thumbnail, a sheet of pictures, a picture of the sound. */
export async function pictures(
  tools: MediaTools,
  params: FinalizeParams,
  context: StepContext,
): Promise<void> {
  const { files } = await loadPlan(context);
  const sources = files.map((file) => sourceOf(file, context));
  const seen = sources.filter(({ hasPictures }) => hasPictures);
  const pictureCount = seen.length === 0 ? 0 : 1 + (params.contact_sheet ? TILES : 0);
  const hasSound = sources.some((source) => source.hasSound);
  const soundMs = params.waveform && hasSound ? sources.reduce((sum, { lengthMs }) => sum + lengthMs, 0) : 0;
  const effortOf = (done: number, doneMs: number): number => done * SOUND_PER_PICTURE_MS + doneMs;
  const percentOf = (done: number, doneMs: number): number =>
    (100 * effortOf(done, doneMs)) / effortOf(pictureCount, soundMs);
  const tellPictures = (done: number): void =>
    context.report({ ...counted(done, pictureCount, 'pictures'), percent: percentOf(done, 0) });

  if (pictureCount === 0) {
    context.log('info', 'the recording has no pictures: neither thumbnail nor contact sheet');
  } else {
    tellPictures(0);
    await makeThumbnail(tools, seen, context);
    tellPictures(1);
    if (params.contact_sheet) {
      await makeContactSheet(tools, seen, context, (tried) => tellPictures(1 + tried));
    }
  }
  if (!params.waveform) return;
  if (!hasSound) {
    context.log('info', 'the recording has no sound: no waveform');
    return;
  }
  await makeWaveform(tools, sources, context, (share) =>
    context.report({
      ...mediaProgress(share * soundMs, { totalMs: soundMs }),
      percent: percentOf(pictureCount, share * soundMs),
    }),
  );
}

function sourceOf({ name, group }: PlannedFile, context: StepContext) {
  const first = group.parts[0]?.part;
  return {
    path: join(context.artifactsFolder, name),
    lengthMs: group.lengthMs,
    hasPictures: groupHasVideo(group),
    hasSound: first !== undefined && hasAudio(first),
  };
}
