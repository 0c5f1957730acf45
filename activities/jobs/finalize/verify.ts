import { checkFile } from '../media/check-file.js';
import { locate, publish } from '../media/publish.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { linesOf, loadPlan, type PlannedFile } from './plan.js';

/** What a joined file may differ by from the manifest. */
const DURATION_MAX_MS = 1_000;
/** The clock of a source, and pauses too short to be gaps, may set the manifest apart from the media by this share. */
const CLOCK_SHARE = 0.001;

/**
 * Compares every file with the manifest and, when all of them are right, makes them artifacts.
 * @throws {StepFailure} `verification_failed`, saying what differs
 */
export async function verify(tools: MediaTools, context: StepContext): Promise<void> {
  const { files } = await loadPlan(context);
  const problems: string[] = [];
  for (const [index, file] of files.entries()) {
    context.signal.throwIfAborted();
    context.report({
      percent: (100 * index) / files.length,
      done: index,
      total: files.length,
      unit: 'files',
    });
    problems.push(...(await problemsOf(tools, file, context)));
  }
  if (problems.length > 0) {
    throw new StepFailure('verification_failed', `${problems.join('; ')}; the segments are kept`, false);
  }
  for (const { name } of files) {
    await publish(context, { name, mediaType: 'video/mp4' });
  }
}

async function problemsOf(tools: MediaTools, file: PlannedFile, context: StepContext): Promise<string[]> {
  const path = await locate(context, file.name);
  const parts = file.group.parts.map(({ part }) => part);
  const framesInManifest = linesOf(file.group).reduce((sum, { frames }) => sum + frames, 0);
  const facts = await checkFile(tools.ffprobePath, path, {
    kind: parts[0]?.streams[0]?.kind ?? 'video',
    frames: framesInManifest - (parts[0]?.framesBeforeKey ?? 0),
    durationMs: file.group.lengthMs,
    durationToleranceMs: DURATION_MAX_MS,
  });
  const problems = [...facts.problems];
  const mediaMs = facts.durationMs - file.group.holesMs;
  const differenceMs = mediaMs - file.recordedMs;
  const isFar = Math.abs(differenceMs) > DURATION_MAX_MS;
  const words = `${seconds(mediaMs)} of media where the manifest has ${seconds(file.recordedMs)}`;
  if (Math.abs(differenceMs) > DURATION_MAX_MS + CLOCK_SHARE * file.recordedMs) problems.push(words);
  else if (isFar) context.log('warning', `${file.name}: ${words}; every picture is there`);
  return problems.map((problem) => `${file.name}: ${problem}`);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
