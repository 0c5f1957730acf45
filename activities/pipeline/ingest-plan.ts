import type { EncodeConfig } from '../../core/config/capture.js';
import type { CaptureInputConfig } from '../../core/config/capture-input.js';
import type { Recipe } from '../../core/run.js';
import { PlanError, type RunPaths, type RunPlan } from '../custody/handler.js';
import { expandSecrets, redact, secretsIn, type Environment } from '../secrets/index.js';
import { encoderArguments } from './encoder-arguments.js';
import type { EncoderTrial } from './encoder-trial.js';
import { checkCommand, pipelineStage, pipelineWords, problemIn } from './gstreamer.js';
import { ingestCommand, relayCommand } from './ingest-command.js';
import { rawInput, v4l2Input, type IngestInput } from './ingest-input.js';
import { tryProgram } from './try-program.js';

export interface IngestContext {
  readonly ffmpegPath: string;
  readonly gstLaunchPath: string;
  readonly environment: Environment;
  readonly encoderTrial: EncoderTrial;
}

type IngestRecipe = Extract<Recipe, { kind: 'capture-ingest' }>;
type GstreamerInput = Extract<CaptureInputConfig, { kind: 'gstreamer' }>;

/**
 * Plans the ingest of a capture, and refuses what the tool can refuse without its device.
 * @throws {PlanError}
 */
export async function planIngest(
  context: IngestContext,
  recipe: IngestRecipe,
  paths: RunPaths,
): Promise<RunPlan> {
  const shared = {
    cwd: paths.runDir,
    progress: 'ffmpeg' as const,
    secrets: secretsIn(templatesOf(recipe.input, recipe.encode).join('\n'), context.environment),
  };
  if (recipe.input.kind === 'gstreamer') {
    const words = await gstreamerWords(context, recipe.input, shared.secrets);
    const first = pipelineStage(context.gstLaunchPath, words);
    return { ...shared, stages: [{ argv: first }, { argv: relayCommand(context.ffmpegPath, recipe.hub) }] };
  }
  const input = ffmpegInput(recipe.input, context.environment);
  const encoder = encoderArguments(recipe.encode, input.mayHaveAudio);
  const size = recipe.input.kind === 'v4l2' ? recipe.input.size : undefined;
  const refusal = await context.encoderTrial.refusal(context.ffmpegPath, encoder, size);
  if (refusal !== null) throw new PlanError('the encoder refused a trial', refusal);
  return { ...shared, stages: [{ argv: ingestCommand(context.ffmpegPath, input, encoder, recipe.hub) }] };
}

/** Texts of the configuration that may name secrets. */
function templatesOf(input: CaptureInputConfig, encode: EncodeConfig): string[] {
  const options = Object.values(encode.options).map(String);
  switch (input.kind) {
    case 'v4l2':
      return options;
    case 'ffmpeg':
      return [...input.args, ...options];
    case 'gstreamer':
      return [input.pipeline];
  }
}

function ffmpegInput(
  input: Exclude<CaptureInputConfig, { kind: 'gstreamer' }>,
  environment: Environment,
): IngestInput {
  if (input.kind === 'v4l2') return v4l2Input(input);
  return rawInput(refusing(() => input.args.map((word) => expandSecrets(word, environment))));
}

async function gstreamerWords(
  { gstLaunchPath, environment }: IngestContext,
  input: GstreamerInput,
  secrets: readonly string[],
): Promise<string[]> {
  // Split first: a secret is never more than a part of one word.
  const words = refusing(() => pipelineWords(input.pipeline).map((word) => expandSecrets(word, environment)));
  const check = await tryProgram(checkCommand(gstLaunchPath, words), '/');
  const problem = check.kind === 'failed' ? problemIn(check.output) : null;
  if (problem === null) return words;
  const text = redact(problem, secrets);
  throw new PlanError(text, { tool: 'gstreamer', role: 'pipeline', text });
}

/** What is wrong with the configuration itself is told as such. */
function refusing<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new PlanError(text, { tool: 'other', role: 'pipeline', text });
  }
}
