import type { RunHandler } from '../custody/handler.js';
import type { Environment } from '../secrets/index.js';
import { EncoderTrial } from './encoder-trial.js';
import { planIngest } from './ingest-plan.js';
import { IngestWatcher, type ProbeSignal } from './ingest-watcher.js';
import { recipeOf } from './recipe-of.js';

export interface IngestHandlerOptions {
  /** Asks the signal probe of an input once, when its run has ended. */
  readonly probeSignal: ProbeSignal;
  /** Programs, by name or path. Default `ffmpeg` and `gst-launch-1.0`. */
  readonly ffmpegPath?: string;
  readonly gstLaunchPath?: string;
  /** Where `${env:NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment;
}

/** Makes the handler of recipes `capture-ingest`: one input, encoded once, into the hub. */
export function createIngestHandler(options: IngestHandlerOptions): RunHandler {
  const context = {
    ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
    gstLaunchPath: options.gstLaunchPath ?? 'gst-launch-1.0',
    environment: options.environment ?? process.env,
    encoderTrial: new EncoderTrial(),
  };
  return {
    plan: async (spec, paths) => planIngest(context, recipeOf(spec, 'capture-ingest'), paths),
    watch: ({ spec }) => new IngestWatcher(recipeOf(spec, 'capture-ingest').input, options.probeSignal),
  };
}
