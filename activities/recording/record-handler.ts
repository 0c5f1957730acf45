import { basename } from 'node:path';
import type { Logger } from 'pino';
import { parseSegmentName, type SegmentName } from '../../core/manifest/index.js';
import { PlanError, type RunHandler, type RunPlan, type WatchedRun } from '../custody/handler.js';
import { readerCommand as defaultReaderCommand } from '../reader/index.js';
import type { Environment } from '../secrets/index.js';
import { BranchRegistry, type Branch } from './branch.js';
import { branchFolders } from './folders.js';
import { planRecording } from './plan.js';
import { RecordingWatcher } from './watcher.js';

export interface RecordHandlerOptions {
  /** Absolute path; recordings go to `<dataDir>/recordings/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Programs, by name or path. Default `ffmpeg` and `ffprobe`. */
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
  /** Builds the command of the program that reads http and https sources. Default: ours. */
  readonly readerCommand?: (specFile: string) => readonly string[];
  /** Where `${env:NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment;
}

/** Makes the handler of recipes `record-source`: a source into segments, with a manifest that says what is there and what is missing. */
export function createRecordHandler(options: RecordHandlerOptions): RunHandler {
  const tools = {
    logger: options.logger,
    ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
    ffprobePath: options.ffprobePath ?? 'ffprobe',
  };
  const registry = new BranchRegistry();
  const branchOf = (spec: { workflowId: string; branch: string }): Branch =>
    registry.of(branchFolders(options.dataDir, spec.workflowId, spec.branch));
  return {
    plan: async (spec, paths) => {
      const { recipe } = spec;
      if (recipe.kind !== 'record-source') {
        const text = `the recording handler cannot run a recipe of kind ${recipe.kind}`;
        throw new PlanError(text, { role: 'pipeline', text });
      }
      const context = {
        branch: branchOf(spec),
        tools,
        environment: options.environment ?? process.env,
        readerCommand: options.readerCommand ?? defaultReaderCommand,
      };
      return planRecording(context, spec, recipe, paths);
    },
    watch: (run) => new RecordingWatcher(branchOf(run.spec), tools, run, firstSegment(run)),
  };
}

/** The plan alone says under which number a run records: it is kept over adoption. */
function firstSegment(run: WatchedRun): SegmentName {
  const pattern = lastArgument(run.plan);
  const name = parseSegmentName(basename(pattern).replace(/%0\d+d/, '0'));
  if (name === null) throw new Error(`the plan of ${run.spec.runKey} names no segments: ${pattern}`);
  return name;
}

function lastArgument(plan: RunPlan): string {
  return plan.stages.at(-1)?.argv.at(-1) ?? '';
}
