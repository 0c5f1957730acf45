import type { SegmentLine } from '../../../core/manifest/index.js';
import { counted } from '../../../core/jobs/step.js';
import type { MediaPacket } from '../../recording/packets.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import type { DamagedPart, Part } from './part.js';
import type { RecordingBranch } from './recording.js';
import { surveyPart } from './survey-part.js';
import type { MediaTools } from './tools.js';

/** Five weeks in segments of a minute: what is known of all parts is kept in one file. */
const PARTS_MAX = 50_000;
/** A damaged disk must not flood the log of the job. */
const DAMAGED_TOLD_MAX = 20;

export interface SegmentSurvey {
  /** In the order of recording. */
  readonly parts: readonly Part[];
  readonly damaged: readonly DamagedPart[];
}

/** Segments of the manifest that are still there, those of them that overlap the time asked for, in the order of recording. */
export function segmentsWithin(
  { manifest }: RecordingBranch,
  range: { readonly fromMs: number; readonly toMs: number },
): SegmentLine[] {
  const removed = new Set(manifest.removed.map(({ file }) => file));
  return manifest.segments
    .filter((line) => !removed.has(line.file))
    .filter((line) => Date.parse(line.end) > range.fromMs && Date.parse(line.start) < range.toMs);
}

/** Looks every segment through, and tells of those that are damaged. */
export async function surveySegments(
  tools: MediaTools,
  recording: RecordingBranch,
  lines: readonly SegmentLine[],
  context: StepContext,
  take?: (line: SegmentLine, packet: MediaPacket) => void,
): Promise<SegmentSurvey> {
  if (lines.length > PARTS_MAX) {
    const message = `${lines.length} segments are more than ${PARTS_MAX}: choose a part of them with from and to`;
    throw new StepFailure('too_large', message, false);
  }
  const parts: Part[] = [];
  const damaged: DamagedPart[] = [];
  for (const [index, line] of lines.entries()) {
    context.signal.throwIfAborted();
    context.report(counted(index, lines.length, 'segments'));
    const found = await surveyPart(tools.ffprobePath, recording.folders.folder, line, (packet) =>
      take?.(line, packet),
    );
    if ('problem' in found) damaged.push(found);
    else parts.push(found);
  }
  context.report(counted(lines.length, lines.length, 'segments'));
  tellDamage(context, damaged);
  return { parts, damaged };
}

function tellDamage(context: StepContext, damaged: readonly DamagedPart[]): void {
  for (const { line, problem } of damaged.slice(0, DAMAGED_TOLD_MAX)) {
    context.log('warning', `${line.file} is damaged and left out: ${problem}`);
  }
  const rest = damaged.length - DAMAGED_TOLD_MAX;
  if (rest > 0) context.log('warning', `${rest} more segments are damaged and left out`);
}
