import { counted } from '../../../core/jobs/step.js';
import { checkFile } from '../media/check-file.js';
import { locate, publish } from '../media/publish.js';
import type { MediaTools } from '../media/tools.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { linesOf, loadPlan, saveDoubts, type PlannedFile } from './plan.js';

/** What a joined file may differ by from the manifest. */
const DURATION_MAX_MS = 1_000;
/** The clock of a source, and pauses too short to be gaps, may set the manifest apart from the media by this share. */
const CLOCK_SHARE = 0.001;

/** What the length of a file says: `same` within a second, `near` while the clock of the source may explain it, otherwise `other`. */
export type LengthVerdict = 'same' | 'near' | 'other';

/** Compares the media of a file with the time that the manifest has for it. */
export function compareLength(mediaMs: number, recordedMs: number): LengthVerdict {
  const differenceMs = Math.abs(mediaMs - recordedMs);
  if (differenceMs <= DURATION_MAX_MS) return 'same';
  return differenceMs <= DURATION_MAX_MS + CLOCK_SHARE * recordedMs ? 'near' : 'other';
}

/**
 * Compares every file with the manifest and, when all of them are right, makes them artifacts. A length that is only near enough is
 * told, and kept for the end of the job: the segments are not removed then.
 * @throws {StepFailure} `verification_failed`, saying what differs
 */
export async function verify(tools: MediaTools, context: StepContext): Promise<void> {
  const { files } = await loadPlan(context);
  const problems: string[] = [];
  const doubts: string[] = [];
  for (const [index, file] of files.entries()) {
    context.signal.throwIfAborted();
    context.report(counted(index, files.length, 'files'));
    const found = await look(tools, file, context);
    problems.push(...found.problems.map((problem) => `${file.name}: ${problem}`));
    if (found.doubt !== null) doubts.push(`${file.name}: ${found.doubt}`);
  }
  if (problems.length > 0) {
    throw new StepFailure('verification_failed', `${problems.join('; ')}; the segments are kept`, false);
  }
  for (const doubt of doubts) context.log('warning', `${doubt}; every picture is there`);
  await saveDoubts(context, doubts);
  for (const { name } of files) {
    await publish(context, { name, mediaType: 'video/mp4' });
  }
  context.report(counted(files.length, files.length, 'files'));
}

interface Findings {
  readonly problems: readonly string[];
  /** What is no reason to fail, and one to keep the segments. */
  readonly doubt: string | null;
}

async function look(tools: MediaTools, file: PlannedFile, context: StepContext): Promise<Findings> {
  const path = await locate(context, file.name);
  const parts = file.group.parts.map(({ part }) => part);
  const framesInManifest = linesOf(file.group).reduce((sum, { frames }) => sum + frames, 0);
  const facts = await checkFile(tools.ffprobePath, path, {
    kind: parts[0]?.streams[0]?.kind ?? 'video',
    frames: framesInManifest - (parts[0]?.framesBeforeKey ?? 0),
    durationMs: file.group.lengthMs,
    durationToleranceMs: DURATION_MAX_MS,
  });
  const mediaMs = facts.durationMs - file.group.holesMs;
  const verdict = compareLength(mediaMs, file.recordedMs);
  const words = `${seconds(mediaMs)} of media where the manifest has ${seconds(file.recordedMs)}`;
  return {
    problems: verdict === 'other' ? [...facts.problems, words] : facts.problems,
    doubt: verdict === 'near' ? words : null,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
