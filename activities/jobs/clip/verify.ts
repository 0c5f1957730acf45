import type { ClipParams } from '../../../core/jobs/params.js';
import { counted } from '../../../core/jobs/step.js';
import { checkFile } from '../media/check-file.js';
import { locate, publish } from '../media/publish.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { loadPlan } from './plan.js';

/** Sound ends a little before or after the last picture. */
const DURATION_MAX_MS = 500;
/** Copying ends with the pictures that those before the end are predicted from: as many as H.264 reorders at most. */
const REORDERED_MAX = 16;

/**
 * Compares every file with the pictures that belong to it and, when all of them are right, makes them artifacts.
 * @throws {StepFailure} `verification_failed`, saying what differs
 */
export async function verify(tools: MediaTools, params: ClipParams, context: StepContext): Promise<void> {
  const { files } = await loadPlan(context);
  const problems: string[] = [];
  for (const [index, { name, kind, frames, lengthMs }] of files.entries()) {
    context.signal.throwIfAborted();
    context.report(counted(index, files.length, 'files'));
    const checked = await checkFile(tools.ffprobePath, await locate(context, name), {
      kind,
      // Sound that is encoded again comes in other packets.
      frames: kind === 'audio' && params.reencode ? null : frames,
      extraFramesMax: params.reencode ? 0 : REORDERED_MAX,
      durationMs: lengthMs,
      durationToleranceMs: DURATION_MAX_MS,
    });
    problems.push(...checked.problems.map((problem) => `${name}: ${problem}`));
  }
  if (problems.length > 0) throw new StepFailure('verification_failed', problems.join('; '), false);
  for (const { name } of files) await publish(context, { name, mediaType: 'video/mp4' });
  context.report(counted(files.length, files.length, 'files'));
}
