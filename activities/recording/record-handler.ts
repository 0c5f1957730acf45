import type { RunHandler } from '../custody/handler.js';
import { readerCommand as defaultReaderCommand } from '../reader/index.js';
import type { Environment } from '../secrets/index.js';
import { BranchRegistry, type Branch } from './branch.js';
import { branchFolders } from './folders.js';
import { planRecording } from './plan.js';
import { firstSegmentOf } from './planned-segments.js';
import { toolsOf, wrongRecipe, type RecordingOptions } from './tools.js';
import { RecordingWatcher } from './watcher.js';

export interface RecordHandlerOptions extends RecordingOptions {
  /** Builds the command of the program that reads http and https sources. Default: ours. */
  readonly readerCommand?: (specFile: string) => readonly string[];
  /** Where `${env:NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment;
}

/** Makes the handler of recipes `record-source`: a source into segments, with a manifest that says what is there and what is missing. */
export function createRecordHandler(options: RecordHandlerOptions): RunHandler {
  const tools = toolsOf(options);
  const registry = new BranchRegistry();
  const branchOf = (spec: { workflowId: string; branch: string }): Branch =>
    registry.of(branchFolders(options.dataDir, spec.workflowId, spec.branch));
  return {
    plan: async (spec, paths) => {
      const { recipe } = spec;
      if (recipe.kind !== 'record-source') throw wrongRecipe(recipe);
      const context = {
        branch: branchOf(spec),
        tools,
        environment: options.environment ?? process.env,
        readerCommand: options.readerCommand ?? defaultReaderCommand,
      };
      return planRecording(context, spec, recipe, paths);
    },
    watch: (run) => new RecordingWatcher(branchOf(run.spec), tools, run, firstSegmentOf(run)),
  };
}
