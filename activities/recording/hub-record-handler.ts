import type { RunHandler, WatchedRun } from '../custody/handler.js';
import { ContinuityCounter } from '../pipeline/continuity.js';
import { callHub } from '../pipeline/hub-call.js';
import { StorageWatch } from '../storage/index.js';
import { BranchRegistry, type Branch, type FeedAbsence } from './branch.js';
import { branchFolders } from './folders.js';
import { planHubRecording, watchStateFile, type HubRecipe } from './plan-hub.js';
import { firstSegmentOf } from './planned-segments.js';
import { Retention } from './retention.js';
import { toolsOf, wrongRecipe, type RecordingOptions } from './tools.js';
import { RecordingWatcher, type WatcherExtras } from './watcher.js';

export interface HubRecordHandlerOptions extends RecordingOptions {
  /** Why the ingest of a capture delivered nothing between two instants; null when the host does not know. Default: never known. */
  readonly whyFeedWasAway?: (
    workflowId: string,
    fromMs: number,
    toMs: number,
  ) => FeedAbsence | null | Promise<FeedAbsence | null>;
}

/** Makes the handler of recipes `record-hub`: what is in the hub of a capture into segments, with the manifest of every recording. */
export function createHubRecordHandler(options: HubRecordHandlerOptions): RunHandler {
  const tools = toolsOf(options);
  const registry = new BranchRegistry();
  const branchOf = ({ workflowId, branch }: { workflowId: string; branch: string }): Branch =>
    registry.of(
      branchFolders(options.dataDir, workflowId, branch),
      (fromMs, toMs) => options.whyFeedWasAway?.(workflowId, fromMs, toMs) ?? null,
    );
  return {
    plan: async (spec, paths) => {
      const { recipe } = spec;
      if (recipe.kind !== 'record-hub') throw wrongRecipe(recipe);
      return planHubRecording(branchOf(spec), tools, spec, recipe, paths);
    },
    watch: (run) => {
      const { recipe } = run.spec;
      if (recipe.kind !== 'record-hub') throw wrongRecipe(recipe);
      const branch = branchOf(run.spec);
      return new RecordingWatcher(branch, tools, run, firstSegmentOf(run), extrasOf(branch, run, recipe));
    },
  };
}

function extrasOf(branch: Branch, run: WatchedRun, { storage, hub }: HubRecipe): WatcherExtras {
  return {
    wake: () => callHub(hub),
    continuity: new ContinuityCounter(run.paths),
    retention: new Retention(branch, storage),
    storage: new StorageWatch({
      folder: branch.folders.folder,
      settings: storage,
      stateFile: watchStateFile(run.paths),
      formerBytesPerSecond: () => branch.bytesPerSecond(),
    }),
  };
}
