import { join } from 'node:path';
import { SEGMENT_EXTENSIONS, segmentPattern, stampOf } from '../../core/manifest/index.js';
import type { Recipe, RunSpec } from '../../core/run.js';
import { PlanError, type RunPaths, type RunPlan } from '../custody/handler.js';
import { hubInputArguments } from '../pipeline/hub.js';
import { lookAtStorage, reserveWatchState, storageEvidence, watermarksOf } from '../storage/index.js';
import { readAnalysis } from './analysis.js';
import type { Branch } from './branch.js';
import { recordingCommand } from './ffmpeg-arguments.js';
import { noteRun, prepareFolder, storageError, takeRunNumber } from './prepare-run.js';
import { Retention } from './retention.js';
import type { RecordingTools } from './tools.js';

export type HubRecipe = Extract<Recipe, { kind: 'record-hub' }>;

/** Where the watch over the disk keeps its state. */
export function watchStateFile(paths: RunPaths): string {
  return join(paths.runDir, 'storage-watch.json');
}

/**
 * Plans a run that copies the hub of a capture into segments.
 * @throws {PlanError} With facts about the disk when there is no room to begin.
 */
export async function planHubRecording(
  branch: Branch,
  tools: RecordingTools,
  spec: RunSpec,
  recipe: HubRecipe,
  paths: RunPaths,
): Promise<RunPlan> {
  await prepareFolder(branch);
  await removeWhatIsNotKept(branch, tools, recipe);
  await requireRoom(branch, recipe);
  reserveState(paths);
  const run = await takeRunNumber(branch, spec);
  const startMs = Date.now();
  await noteRun(branch, spec, { run, startMs, resume: null, readerFile: null });
  const ffmpeg = recordingCommand({
    ffmpegPath: tools.ffmpegPath,
    input: { kind: 'hub', arguments: hubInputArguments(recipe.hub) },
    container: recipe.record.container,
    segmentMs: recipe.record.segmentMs,
    startMs,
    analysis: readAnalysis(branch.folders),
    pattern: segmentPattern(stampOf(startMs), run, SEGMENT_EXTENSIONS[recipe.record.container]),
  });
  return { stages: [{ argv: ffmpeg }], cwd: branch.folders.folder, progress: 'ffmpeg', secrets: [] };
}

/** Before anything else: it may be what makes room. */
async function removeWhatIsNotKept(branch: Branch, tools: RecordingTools, recipe: HubRecipe): Promise<void> {
  try {
    await branch.exclusive(() => new Retention(branch, recipe.storage).apply(Date.now()));
  } catch (error) {
    tools.logger.warn({ folder: branch.folders.folder, error }, 'old segments could not be removed');
  }
}

/** A recording that would end at once is not begun. */
async function requireRoom(branch: Branch, recipe: HubRecipe): Promise<void> {
  const { minFreeBytes } = watermarksOf(recipe.storage, await branch.bytesPerSecond());
  const evidence = storageEvidence(await lookAtStorage(branch.folders.folder), minFreeBytes);
  if (evidence !== null) throw new PlanError(evidence.text ?? '', evidence);
}

function reserveState(paths: RunPaths): void {
  try {
    reserveWatchState(watchStateFile(paths));
  } catch (error) {
    throw storageError(error);
  }
}
