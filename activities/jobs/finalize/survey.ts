import type { FinalizeParams } from '../../../core/jobs/params.js';
import { coverageOf, type Manifest, type SegmentLine } from '../../../core/manifest/index.js';
import { fileName } from '../media/file-name.js';
import { openRecording, type RecordingBranch } from '../media/recording.js';
import { segmentsWithin, surveySegments } from '../media/survey-segments.js';
import { groupParts, type PartGroup } from '../media/timeline.js';
import type { MediaTools } from '../media/tools.js';
import { missingTime } from '../media/wall-clock.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { linesOf, savePlan } from './plan.js';

/** Looks at every segment and decides which files are made of them. */
export async function survey(tools: MediaTools, params: FinalizeParams, context: StepContext): Promise<void> {
  const recording = await openRecording(context.dataDir, params);
  const lines = selectSegments(recording, params);
  tellFaults(recording.manifest, context);
  const { parts, damaged } = await surveySegments(tools, recording, lines, context);
  const groups = groupParts(parts);
  if (groups.length === 0) {
    throw new StepFailure('not_recorded', `none of the ${lines.length} segments can be played`, false);
  }
  tellGroups(groups, context);
  await savePlan(context, {
    recording: recording.recording,
    branch: recording.branch,
    folder: recording.folders.folder,
    missing: missingTime({ ...recording.manifest, segments: lines }, damaged),
    files: groups.map((group, index) => ({
      name: fileName({
        recording: recording.recording,
        startMs: Date.parse(linesOf(group)[0]?.start ?? ''),
        index,
        count: groups.length,
      }),
      group,
      recordedMs: recordedMs(recording.manifest, group),
    })),
  });
}

function selectSegments(recording: RecordingBranch, { from, to }: FinalizeParams): SegmentLine[] {
  const range = {
    fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    toMs: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  };
  const lines = segmentsWithin(recording, range);
  if (lines.length > 0) return lines;
  const where = `${recording.recording} in ${recording.branch}`;
  const message =
    from === undefined && to === undefined
      ? `no segment of ${where} is complete yet`
      : `nothing of ${where} was recorded between ${from ?? 'the start'} and ${to ?? 'the end'}`;
  throw new StepFailure('not_recorded', message, false);
}

/** The last line of a recording that goes on may be half-written; what else cannot be read is worth a word. */
function tellFaults(manifest: Manifest, context: StepContext): void {
  for (const { lineNumber, problem } of manifest.faults.slice(0, 3)) {
    context.log('warning', `line ${lineNumber} of the manifest cannot be used: ${problem}`);
  }
}

function tellGroups(groups: readonly PartGroup[], context: StepContext): void {
  const count = groups.reduce((sum, { parts }) => sum + parts.length, 0);
  const totalSeconds = groups.reduce((sum, { lengthMs }) => sum + lengthMs, 0) / 1_000;
  context.log('info', `${count} segments with ${totalSeconds.toFixed(1)} s to join`);
  for (const [index, group] of groups.entries()) {
    if (index === 0) continue;
    const before = groups[index - 1] as PartGroup;
    context.log(
      'info',
      `another file from ${linesOf(group)[0]?.file} on: ${layoutOf(group)} after ${layoutOf(before)}`,
    );
  }
}

function layoutOf({ parts }: PartGroup): string {
  return parts[0]?.part.layout ?? '';
}

function recordedMs(manifest: Manifest, group: PartGroup): number {
  return coverageOf({ ...manifest, segments: linesOf(group), removed: [] })?.recordedMs ?? 0;
}
