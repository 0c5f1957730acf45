import { join } from 'node:path';
import type { FinalizeParams } from '../../../core/jobs/params.js';
import { hasAudio } from '../media/part.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import { makeContactSheet, makeThumbnail } from './contact-sheet.js';
import { groupHasVideo, loadPlan, type PlannedFile } from './plan.js';
import { makeWaveform } from './waveform.js';

/** Decoding the sound of hours takes longer than sixteen pictures. */
const SHEET_SHARE = 0.3;

/** Makes what shows a recording at a glance: a thumbnail, a sheet of pictures, a picture of the sound. */
export async function pictures(
  tools: MediaTools,
  params: FinalizeParams,
  context: StepContext,
): Promise<void> {
  const { files } = await loadPlan(context);
  const sources = files.map((file) => sourceOf(file, context));
  const seen = sources.filter(({ hasPictures }) => hasPictures);
  if (seen.length === 0)
    context.log('info', 'the recording has no pictures: neither thumbnail nor contact sheet');
  else {
    await makeThumbnail(tools, seen, context);
    if (params.contact_sheet) {
      await makeContactSheet(tools, seen, context, (share) =>
        context.report({ percent: 100 * SHEET_SHARE * share }),
      );
    }
  }
  if (!params.waveform) return;
  if (!sources.some(({ hasSound }) => hasSound)) {
    context.log('info', 'the recording has no sound: no waveform');
    return;
  }
  await makeWaveform(tools, sources, context, (share) =>
    context.report({ percent: 100 * (SHEET_SHARE + (1 - SHEET_SHARE) * share) }),
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
