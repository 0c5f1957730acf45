import type { HubAddress } from '../../core/hub.js';
import type { PushTarget, RunSpec } from '../../core/run.js';
import { PlanError, type RunHandler, type RunPaths, type RunPlan } from '../custody/handler.js';
import { expandSecrets, redact, secretsIn, type Environment } from '../secrets/index.js';
import { COMMON_OPTIONS } from './ffmpeg-options.js';
import { hubInputArguments } from './hub.js';
import { PushWatcher } from './push-watcher.js';
import { targetArguments } from './push-target.js';
import { recipeOf } from './recipe-of.js';

export interface PushHandlerOptions {
  /** Program, by name or path. Default `ffmpeg`. */
  readonly ffmpegPath?: string;
  /** Where `${env:NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment;
}

/** One stream waits for the other no longer than this, so that a source that falls silent does not hold the picture back. */
const INTERLEAVE_MAX_US = 1_000_000;

/** Makes the handler of recipes `push-hub`: what is in the hub goes to another server, or into a file, as it is. */
export function createPushHandler(options: PushHandlerOptions = {}): RunHandler {
  const ffmpegPath = options.ffmpegPath ?? 'ffmpeg';
  const environment = options.environment ?? process.env;
  return {
    plan: (spec, paths) => planPush(ffmpegPath, environment, spec, paths),
    watch: ({ spec, paths }) => new PushWatcher(paths, recipeOf(spec, 'push-hub').hub),
  };
}

async function planPush(
  ffmpegPath: string,
  environment: Environment,
  spec: RunSpec,
  paths: RunPaths,
): Promise<RunPlan> {
  const { hub, target } = recipeOf(spec, 'push-hub');
  const secrets = secretsIn(target.url, environment);
  const expanded = expandTarget(target, environment);
  const output = await targetArguments(expanded, spec.run).catch((error: unknown) => {
    throw withoutSecrets(error, secrets);
  });
  return {
    stages: [{ argv: pushCommand(ffmpegPath, hub, output) }],
    cwd: paths.runDir,
    progress: 'ffmpeg',
    secrets,
  };
}

/** A refusal names the path, and the path may hold a key. */
function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof PlanError)) return error;
  const { text } = error.evidence;
  const evidence = text === undefined ? error.evidence : { ...error.evidence, text: redact(text, secrets) };
  return new PlanError(redact(error.message, secrets), evidence);
}

function expandTarget(target: PushTarget, environment: Environment): PushTarget {
  try {
    return { ...target, url: expandSecrets(target.url, environment) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new PlanError(text, { tool: 'other', role: 'pipeline', text });
  }
}

function pushCommand(ffmpegPath: string, hub: HubAddress, output: readonly string[]): string[] {
  return [
    [ffmpegPath, ...COMMON_OPTIONS, ...hubInputArguments(hub)],
    ['-map', '0:v?', '-map', '0:a?', '-c', 'copy', '-max_interleave_delta', String(INTERLEAVE_MAX_US)],
    output,
  ].flat();
}
