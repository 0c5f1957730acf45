import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createIngestHandler, createPushHandler } from '../../../../activities/pipeline/index.js';
import type { RunHandler, RunPaths, RunWatcher, WatchedRun } from '../../../../activities/custody/handler.js';
import { classify } from '../../../../core/classify/index.js';
import { captureSchema, type CaptureInput } from '../../../../core/config/capture.js';
import { hubOf, type HubAddress } from '../../../../core/hub.js';
import { runKeyOf, type PushTarget, type Recipe, type RunSpec } from '../../../../core/run.js';

const TICK_MS = 200;
const WAIT_MAX_MS = 40_000;
const LADDER_STEP_MS = 2_000;

export interface PipelineHarness {
  readonly folder: string;
  readonly hub: HubAddress;
  /** Starts an ingest from a capture as people write it. */
  ingest(input: Partial<CaptureInput>): Promise<LiveRun>;
  /** Starts a push of the hub, or of `from`. */
  push(target: string | PushTarget, options?: PushOptions): Promise<LiveRun>;
  close(): Promise<void>;
}

export interface PushOptions {
  readonly run?: number;
  readonly from?: HubAddress;
}

export interface HarnessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly probeSignal?: () => Promise<boolean | null>;
}

/** A capture's processes, run the way custody runs them, on a hub of their own. */
export async function startPipelineHarness(options: HarnessOptions = {}): Promise<PipelineHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-pipeline-'));
  const hub = hubOf(folder);
  const environment = options.environment ?? {};
  const ingestHandler = createIngestHandler({
    environment,
    probeSignal: options.probeSignal ?? (() => Promise.resolve(null)),
  });
  const pushHandler = createPushHandler({ environment });
  const runs: LiveRun[] = [];
  const start = async (handler: RunHandler, recipe: Recipe, run: number): Promise<LiveRun> => {
    const live = await startRun(handler, specOf(recipe, run), join(folder, `run-${runs.length}`));
    runs.push(live);
    return live;
  };
  return {
    folder,
    hub,
    ingest: (input) => start(ingestHandler, ingestRecipe(input, hub), runs.length),
    push: (target, { run = 1, from = hub } = {}) => {
      const full = typeof target === 'string' ? { url: target, format: 'auto' as const } : target;
      return start(pushHandler, { kind: 'push-hub', hub: from, target: full }, run);
    },
    close: async () => {
      await Promise.all(runs.map((run) => run.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function ingestRecipe(input: Partial<CaptureInput>, hub: HubAddress): Recipe {
  const { input: source, encode } = captureSchema.parse({ id: 'studio', ...input });
  return { kind: 'capture-ingest', input: source, encode, hub };
}

export function specOf(recipe: Recipe, run: number): RunSpec {
  const branch = recipe.kind === 'capture-ingest' ? 'ingest' : 'live';
  return {
    runKey: runKeyOf('capture/studio', branch, run),
    workflowId: 'capture/studio',
    branch,
    run,
    recipe,
    stallTimeoutMs: 15_000,
    locks: [],
  };
}

export function pathsOf(runDir: string): RunPaths {
  return {
    runDir,
    stderrFile: join(runDir, 'stderr.log'),
    progressFile: join(runDir, 'progress.log'),
    eventsFile: join(runDir, 'events.log'),
    readerFile: join(runDir, 'reader.log'),
  };
}

async function startRun(handler: RunHandler, spec: RunSpec, runDir: string): Promise<LiveRun> {
  await mkdir(runDir, { recursive: true });
  const paths = pathsOf(runDir);
  const plan = await handler.plan(spec, paths);
  const watched = { spec, paths, plan, startedAt: new Date().toISOString() };
  return new LiveRun(watched, handler.watch(watched));
}

/** A started run: its processes in a group of their own, with the descriptors that custody promises. */
export class LiveRun {
  readonly watched: WatchedRun;
  readonly watcher: RunWatcher;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #ticks: NodeJS.Timeout;

  constructor(watched: WatchedRun, watcher: RunWatcher) {
    const { paths, plan } = watched;
    this.watched = watched;
    this.watcher = watcher;
    const pipeline = plan.stages.map(({ argv }) => argv.map(quoted).join(' ')).join(' | ');
    const files = `2>>${quoted(paths.stderrFile)} 3>>${quoted(paths.progressFile)}`;
    this.#child = spawn('sh', ['-c', `{ ${pipeline} ; } ${files}`], {
      cwd: plan.cwd,
      detached: true,
      stdio: 'ignore',
    });
    this.#ended = once(this.#child, 'exit');
    this.#ticks = setInterval(() => void watcher.tick(null, null), TICK_MS);
  }

  /** Sends a signal to every process of the run. */
  signal(signal: NodeJS.Signals): void {
    if (this.#hasEnded || this.#child.pid === undefined) return;
    process.kill(-this.#child.pid, signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  /** Ends the run as a stop does. An ffmpeg that waits for a silent hub heeds the second signal only. */
  async stop(): Promise<void> {
    this.signal('SIGINT');
    await Promise.race([this.ended(), sleep(LADDER_STEP_MS)]);
    this.signal('SIGTERM');
    await this.ended();
  }

  async ended(): Promise<void> {
    await this.#ended;
    clearInterval(this.#ticks);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async log(): Promise<string> {
    return readFile(this.watched.paths.stderrFile, 'utf8').catch(() => '');
  }

  /** Frames written so far. */
  async frames(): Promise<number> {
    const text = await readFile(this.watched.paths.progressFile, 'utf8').catch(() => '');
    return Number([...text.matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1] ?? 0);
  }

  /** Waits until it writes this many frames more. */
  async delivers(frames = 1): Promise<void> {
    const wanted = (await this.frames()) + frames;
    await until(async () => {
      if (this.#hasEnded) throw new Error(`the run ended: ${await this.log()}`);
      return (await this.frames()) >= wanted;
    });
  }

  /** The cause that custody would find when the run has ended by itself. */
  async verdict(): Promise<ReturnType<typeof classify>> {
    await this.ended();
    const evidence = {
      exitCode: this.#child.exitCode,
      exitSignal: this.#child.signalCode,
      text: await this.log(),
      ...(await this.watcher.collectEvidence()),
    };
    return classify(evidence);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MAX_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(100);
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
