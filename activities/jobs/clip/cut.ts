import type { ClipParams } from '../../../core/jobs/params.js';
import { joinFile, removeHalfMade, streamMaps } from '../media/join-file.js';
import { requireRoom } from '../media/room.js';
import { soundWithPictures, withoutSoundAlone } from '../media/sound-alone.js';
import type { PartGroup } from '../media/timeline.js';
import type { MediaTools } from '../media/tools.js';
import { inWords } from '../media/wall-clock.js';
import type { StepContext } from '../step-context.js';
import { loadPlan, type ClipPlan, type PlannedClip } from './plan.js';

/** Instants are compared a little before them, so that no rounding moves a picture to the other side. */
const ROUNDING_MS = 0.5;
/** Near to what was recorded to the eye, at a speed that a small machine manages. */
const ENCODER = [
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-crf',
  '18',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
  '-b:a',
  '192k',
];
/** Every picture with its own time, whatever the rate. */
const EVERY_PICTURE = ['-fps_mode', 'passthrough', '-enc_time_base', '-1'];

/** Writes the files: from a key frame on without encoding again, or exactly and encoded. */
export async function cut(tools: MediaTools, params: ClipParams, context: StepContext): Promise<void> {
  const plan = await loadPlan(context);
  await removeHalfMade(context.workFolder);
  await requireRoom(context.workFolder, bytesOf(plan));
  const totalMs = plan.files.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  let doneBeforeMs = 0;
  for (const file of plan.files) {
    // With `-ss` the chapters are counted from the start of the first segment.
    const shiftMs = params.reencode ? 0 : Math.round(file.copyFromMs);
    const joined = {
      folder: plan.folder,
      group: file.group,
      name: file.name,
      coding: params.reencode ? encoded(file) : copied(file),
      metadata: {
        title: `${plan.recording}, ${inWords(file.startMs)}`,
        comment: file.comment,
        startMs: file.startMs,
        chapters: file.chapters.map((chapter) => ({
          ...chapter,
          startMs: chapter.startMs + shiftMs,
          endMs: chapter.endMs + shiftMs,
        })),
      },
      progress: { totalMs, doneBeforeMs },
    };
    await joinFile(tools, joined, context);
    doneBeforeMs += file.lengthMs;
  }
}

/** ffmpeg compares the start with decoding times. */
function copied({ group, copyFromMs, soundNotCopied, toMs }: PlannedClip): string[] {
  // Even at 0 it would take away a key frame that is decoded before its time.
  const start = copyFromMs > 0 ? ['-ss', seconds(copyFromMs)] : [];
  const span = [...start, '-t', seconds(toMs - ROUNDING_MS - copyFromMs)];
  return [...span, ...streamMaps(group), '-c', 'copy', ...withoutSoundAlone(group, soundNotCopied)];
}

function encoded({ group, fromMs, toMs, kind }: PlannedClip): string[] {
  const startMs = Math.max(0, fromMs - ROUNDING_MS);
  const span = `start=${seconds(startMs)}:end=${seconds(toMs - ROUNDING_MS)}`;
  const time = `PTS-${seconds(startMs)}/TB`;
  const pictures = ['-vf', `trim=${span},setpts=${time}`, ...EVERY_PICTURE];
  const cutSound = `atrim=${span},asetpts=${time},aresample=async=1:first_pts=0`;
  const sound = soundFilters(group, cutSound);
  return [streamMaps(group), kind === 'video' ? pictures : [], sound, ENCODER].flat();
}

/** What is done to each audio stream before it is encoded. */
function soundFilters(group: PartGroup, cutSound: string): string[] {
  const chosen = soundWithPictures(group);
  const sound = group.parts[0]?.part.streams.filter(({ kind }) => kind === 'audio') ?? [];
  return sound.flatMap((_stream, audio) => {
    const choice = chosen[audio] ?? null;
    return [`-filter:a:${audio}`, choice === null ? cutSound : `${choice},${cutSound}`];
  });
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(6);
}

/** Encoding again makes pictures of about the same size; twice that is on the safe side. */
function bytesOf({ files }: ClipPlan): number {
  return files.reduce((sum, { group, lengthMs }) => {
    const bytes = group.parts.reduce((all, { part }) => all + part.line.bytes, 0);
    return sum + 2 * bytes * Math.min(1, lengthMs / Math.max(1, group.lengthMs));
  }, 0);
}
