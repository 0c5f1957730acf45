import type { ClipParams } from '../../../core/jobs/params.js';
import { chaptersOf, type Chapter } from '../media/chapters.js';
import { fileName } from '../media/file-name.js';
import { openRecording, type RecordingBranch } from '../media/recording.js';
import { segmentsWithin, surveySegments } from '../media/survey-segments.js';
import { groupParts, joinTime, mediaUpTo, type PartGroup, type PlacedPart } from '../media/timeline.js';
import type { MediaTools } from '../media/tools.js';
import { exactly, instantAfter, inWords, missingTime, type MissingTime } from '../media/wall-clock.js';
import type { StepContext } from '../step-context.js';
import { PictureCollector } from './pictures.js';
import { savePlan, type PlannedClip } from './plan.js';
import { selectParts, type SeenPart, type Selected } from './select.js';
import { notRecorded } from './spans.js';

/** Copying begins a little before the picture, so that no rounding leaves it out. */
const COPY_ROUNDING_MS = 0.5;

/** Finds the pictures between the two instants, and decides which files are made of them. */
export async function survey(tools: MediaTools, params: ClipParams, context: StepContext): Promise<void> {
  const recording = await openRecording(context.dataDir, params);
  const asked = { fromMs: Date.parse(params.from), toMs: Date.parse(params.to) };
  const lines = segmentsWithin(recording, asked);
  const { seen, damaged } = await lookAt(tools, recording, lines, context);
  const missing = missingTime({ ...recording.manifest, segments: lines }, damaged);
  const selected = selectParts(seen, missing, { ...asked, atKeyFrame: !params.reencode });
  if (selected.length === 0) {
    throw notRecorded(`${recording.recording} in ${recording.branch}`, recording.manifest, asked);
  }
  const files = filesOf({ recording, selected, missing, params });
  tellSpan(files, selected, missing, { ...asked, context });
  await savePlan(context, { recording: recording.recording, folder: recording.folders.folder, files });
}

async function lookAt(
  tools: MediaTools,
  recording: RecordingBranch,
  lines: ReturnType<typeof segmentsWithin>,
  context: StepContext,
) {
  const collectors = new Map(lines.map(({ file }) => [file, new PictureCollector()]));
  const { parts, damaged } = await surveySegments(tools, recording, lines, context, (line, packet) =>
    collectors.get(line.file)?.take(packet),
  );
  const seen = parts.map((part): SeenPart => {
    const collector = collectors.get(part.line.file) as PictureCollector;
    const [main, ...sound] = part.streams.map(({ index }) => collector.of(index));
    return { part, pictures: main ?? collector.of(0), soundMs: sound.map(({ allMs }) => allMs) };
  });
  return { seen, damaged };
}

interface FilesInput {
  readonly recording: RecordingBranch;
  readonly selected: readonly Selected[];
  readonly missing: readonly MissingTime[];
  readonly params: ClipParams;
}

function filesOf({ recording, selected, missing, params }: FilesInput): PlannedClip[] {
  const groups = groupParts(selected.map(({ part }) => part));
  return groups.map((group, index): PlannedClip => {
    const [first, last] = [group.parts[0], group.parts.at(-1)] as [PlacedPart, PlacedPart];
    const [begin, end] = [selectedOf(selected, first), selectedOf(selected, last)];
    const [fromMs, toMs] = [joinTime(first, begin.fromMs), joinTime(last, end.toMs)];
    const startMs = startOf(begin, missing);
    const copyFromMs = Math.max(0, joinTime(first, decodedFrom(begin)) - COPY_ROUNDING_MS);
    const files = new Set(group.parts.map(({ part }) => part.line.file));
    const chosen = selected.filter(({ part }) => files.has(part.line.file));
    return {
      name: fileName({ recording: recording.recording, startMs, index, count: groups.length }),
      group,
      fromMs,
      copyFromMs,
      soundNotCopied: begin.soundMs.map(
        (starts) => starts.filter((atMs) => joinTime(first, atMs) < copyFromMs).length,
      ),
      toMs,
      kind: first.part.streams[0]?.kind ?? 'video',
      frames: chosen.reduce((sum, { frames }) => sum + frames, 0),
      lengthMs: toMs - fromMs,
      startMs,
      comment: `from ${exactly(startMs)}; asked for was ${params.from} to ${params.to}`,
      chapters: chaptersBetween(group, missing, { fromMs, toMs, startMs }),
    };
  });
}

function selectedOf(selected: readonly Selected[], { part }: PlacedPart): Selected {
  return selected.find((candidate) => candidate.part === part) as Selected;
}

/** When the first picture has to be decoded. */
function decodedFrom({ pictures, fromMs }: Selected): number {
  return Math.min(fromMs, pictures.keys.find(({ atMs }) => atMs === fromMs)?.decodedAtMs ?? fromMs);
}

/** When the first picture came in. */
function startOf({ part, fromMs }: Selected, missing: readonly MissingTime[]): number {
  return instantAfter(part.line, missing, mediaUpTo(part, fromMs));
}

/** Chapters at the gaps, counted from the start of the clip. */
function chaptersBetween(
  group: PartGroup,
  missing: readonly MissingTime[],
  clip: { readonly fromMs: number; readonly toMs: number; readonly startMs: number },
): Chapter[] {
  const [beginMs, endMs] = [Math.round(clip.fromMs), Math.round(clip.toMs)];
  const at = chaptersOf(group, missing)
    .filter(({ startMs }) => startMs > beginMs && startMs < endMs)
    .map((chapter) => ({
      ...chapter,
      startMs: chapter.startMs - beginMs,
      endMs: Math.min(chapter.endMs, endMs) - beginMs,
    }));
  const next = at[0];
  return next === undefined
    ? []
    : [{ startMs: 0, endMs: next.startMs, title: `from ${inWords(clip.startMs)}` }, ...at];
}

/** What the clip really holds, where that is not just what was asked for. */
function tellSpan(
  files: readonly PlannedClip[],
  selected: readonly Selected[],
  missing: readonly MissingTime[],
  {
    fromMs,
    toMs,
    context,
  }: { readonly fromMs: number; readonly toMs: number; readonly context: StepContext },
): void {
  const [first, last] = [files[0], selected.at(-1)] as [PlannedClip, Selected];
  const endMs = instantAfter(last.part.line, missing, mediaUpTo(last.part, last.toMs));
  const earlierSeconds = ((fromMs - first.startMs) / 1_000).toFixed(3);
  const earlier =
    first.startMs < fromMs - 1 ? `, the key frame ${earlierSeconds} s before the instant asked for` : '';
  context.log(
    'info',
    `the clip begins at ${exactly(first.startMs)}${earlier}, and ends at ${exactly(Math.min(endMs, toMs))}`,
  );
  if (Date.parse(selected[0]?.part.line.start ?? '') > fromMs) {
    context.log('warning', `nothing is recorded before ${exactly(first.startMs)}`);
  }
  if (Date.parse(last.part.line.end) < toMs) {
    context.log('warning', `nothing is recorded after ${last.part.line.end}`);
  }
  for (const gap of missing.filter((one) => one.fromMs > first.startMs && one.toMs < endMs)) {
    const seconds = ((gap.toMs - gap.fromMs) / 1_000).toFixed(1);
    context.log('warning', `${seconds} s from ${inWords(gap.fromMs)} on are not recorded: ${gap.cause}`);
  }
}
