import type { Logger } from 'pino';
import { PlanError } from '../custody/handler.js';
import type { Recipe } from '../../core/run.js';

/** What the recording needs of the outside. */
export interface RecordingTools {
  readonly logger: Logger;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** What every handler that records is made with. */
export interface RecordingOptions {
  /** Absolute path; recordings go to `<dataDir>/recordings/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Programs, by name or path. Default `ffmpeg` and `ffprobe`. */
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
}

/** Fills the defaults in. */
export function toolsOf(options: RecordingOptions): RecordingTools {
  return {
    logger: options.logger,
    ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
    ffprobePath: options.ffprobePath ?? 'ffprobe',
  };
}

/** A recipe came to a handler that is not made for it. */
export function wrongRecipe(recipe: Recipe): PlanError {
  const text = `the recording handler cannot run a recipe of kind ${recipe.kind}`;
  return new PlanError(text, { role: 'pipeline', text });
}
