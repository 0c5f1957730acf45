import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_EXTENSIONS, segmentPattern, stampOf } from '../../core/manifest/index.js';
import type { MediaSource, Recipe, RunSpec } from '../../core/run.js';
import { PlanError, type RunPaths, type RunPlan } from '../custody/handler.js';
import type { ReaderSpec } from '../reader/index.js';
import { expandSecrets, expandSecretValues, secretsIn, type Environment } from '../secrets/index.js';
import { readAnalysis } from './analysis.js';
import type { Branch } from './branch.js';
import { concludeRuns } from './conclude-hls.js';
import { recordingCommand, schemeOf } from './ffmpeg-arguments.js';
import { messageOf, noteRun, prepareFolder, storageError, takeRunNumber } from './prepare-run.js';
import { isRecent, readResume, type ResumeState } from './resume-state.js';
import type { RecordingTools } from './tools.js';

/** Connecting, and again the header of the answer. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Silence of the source is judged by its progress and not by the reader: an hour is "never". */
const READ_TIMEOUT_MS = 3_600_000;

export interface PlanContext {
  readonly branch: Branch;
  readonly tools: RecordingTools;
  readonly environment: Environment;
  readonly readerCommand: (specFile: string) => readonly string[];
}

type RecordRecipe = Extract<Recipe, { kind: 'record-source' }>;

/**
 * Plans a run: its number, its names, its processes. For http and https our reader feeds ffmpeg; every other address ffmpeg opens itself.
 * @throws {PlanError}
 */
export async function planRecording(
  context: PlanContext,
  spec: RunSpec,
  recipe: RecordRecipe,
  paths: RunPaths,
): Promise<RunPlan> {
  const { branch, tools } = context;
  const media = expandMedia(recipe.media, context.environment);
  const usesReader = ['http', 'https'].includes(schemeOf(media.url));
  await prepareFolder(branch);
  const run = await takeRunNumber(branch, spec);
  const resume = usesReader ? await findResume(branch, tools, run) : null;
  const startMs = Date.now();
  await noteRun(branch, spec, { run, startMs, resume, readerFile: usesReader ? paths.readerFile : null });
  const ffmpeg = recordingCommand({
    ffmpegPath: tools.ffmpegPath,
    input: usesReader
      ? { kind: 'pipe' }
      : { kind: 'address', url: media.url, timeoutMs: spec.stallTimeoutMs },
    container: recipe.record.container,
    segmentMs: recipe.record.segmentMs,
    startMs,
    analysis: readAnalysis(branch.folders),
    pattern: segmentPattern(stampOf(startMs), run, SEGMENT_EXTENSIONS[recipe.record.container]),
  });
  const reader = usesReader ? [{ argv: await readerStage(context, paths, media, resume) }] : [];
  return {
    stages: [...reader, { argv: ffmpeg }],
    cwd: branch.folders.folder,
    progress: 'ffmpeg',
    secrets: secretsOf(recipe.media, context.environment),
  };
}

function expandMedia(media: MediaSource, environment: Environment): MediaSource {
  try {
    const url = expandSecrets(media.url, environment);
    if (media.headers === undefined) return { ...media, url };
    return { ...media, url, headers: expandSecretValues(media.headers, environment) };
  } catch (error) {
    throw new PlanError(messageOf(error), { role: 'pipeline', text: messageOf(error) });
  }
}

function secretsOf(media: MediaSource, environment: Environment): string[] {
  return [media.url, ...Object.values(media.headers ?? {})].flatMap((text) => secretsIn(text, environment));
}

/** HLS: where the last run left off, once that is worked out. */
async function findResume(branch: Branch, tools: RecordingTools, run: number): Promise<ResumeState | null> {
  const runs = await branch.facts.all();
  if (runs.some((facts) => !facts.concluded)) {
    await branch.exclusive(() => concludeRuns(branch, tools, run - 1));
  }
  const state = await readResume(branch);
  return state !== null && isRecent(state, Date.now()) ? state : null;
}

async function readerStage(
  context: PlanContext,
  paths: RunPaths,
  media: MediaSource,
  resume: ResumeState | null,
): Promise<readonly string[]> {
  const specFile = join(paths.runDir, 'reader.json');
  const spec: ReaderSpec = {
    url: media.url,
    ...(media.headers === undefined ? {} : { headers: media.headers }),
    format: media.format ?? 'auto',
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    readTimeoutMs: READ_TIMEOUT_MS,
    ...(resume === null ? {} : { resumeAfter: resumePoint(resume) }),
  };
  try {
    await writeFile(specFile, JSON.stringify(spec), { mode: 0o600 });
  } catch (error) {
    throw storageError(error);
  }
  return context.readerCommand(specFile);
}

function resumePoint(resume: ResumeState): NonNullable<ReaderSpec['resumeAfter']> {
  const { sequence, uri, programDateTime } = resume;
  return { sequence, uri, ...(programDateTime === undefined ? {} : { programDateTime }) };
}
