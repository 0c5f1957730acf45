import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { RunHandler, RunPaths, RunWatcher, WatchedRun } from '../../../../activities/custody/handler.js';
import {
  createHubRecordHandler,
  createRecordHandler,
  type HubRecordHandlerOptions,
} from '../../../../activities/recording/index.js';
import type { HubAddress } from '../../../../core/hub.js';
import { parseSegmentName, readManifest, type Manifest } from '../../../../core/manifest/index.js';
import type { Evidence } from '../../../../core/evidence.js';
import type { Container, RunEnd, RunSpec, StorageSettings } from '../../../../core/run.js';
import { specOf } from './run-spec.js';

const TICK_MS = 500;

export interface HarnessOptions {
  /** Parent of the data folder. Default: a new temporary folder. */
  readonly parent?: string;
  readonly container?: Container;
  readonly segmentMs?: number;
  /** Records the hub of a capture in place of an address. */
  readonly hub?: HubAddress;
  readonly storage?: StorageSettings;
  readonly whyFeedWasAway?: NonNullable<HubRecordHandlerOptions['whyFeedWasAway']>;
}

/** One branch of one instance, recorded the way custody would do it. */
export interface Harness {
  readonly folder: string;
  readonly dataDir: string;
  handler(): RunHandler;
  /** A worker that knows nothing of before. */
  forgetEverything(): void;
  start(url: string, run: number): Promise<LiveRun>;
  manifest(): Promise<Manifest>;
  files(): Promise<string[]>;
  close(): Promise<void>;
}

/** A started run. */
export interface LiveRun {
  readonly spec: RunSpec;
  readonly watched: WatchedRun;
  /** Sends a signal to ffmpeg alone. */
  killRecorder(signal: NodeJS.Signals): Promise<void>;
  /** Sends SIGINT to all, as a stop does. */
  interrupt(): void;
  /** Waits for the end of all processes. */
  ended(): Promise<void>;
  /** Evidence and closing, as custody asks for them. */
  finish(end?: Partial<RunEnd>): Promise<Evidence>;
  /** Closes the run in a worker that was started anew. */
  finishAgain(): Promise<void>;
  /** What custody would tell of the end. */
  endFacts(end?: Partial<RunEnd>): RunEnd;
  /** Stops the ticks: the worker has died. */
  abandon(): void;
  /** Goes on with the ticks in a worker that was started anew. */
  adopt(): void;
  watcher(): RunWatcher;
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const parent = options.parent ?? tmpdir();
  const dataDir = await mkdtemp(join(parent, 'holdfast-recording-'));
  const { workflowId, branch } = specOf('', 1, options);
  const folder = join(dataDir, 'recordings', ...workflowId.split('/'), branch);
  const runs: LiveRun[] = [];
  const make = (): RunHandler => {
    const logger = pino({ level: process.env['HOLDFAST_TEST_LOG'] ?? 'silent' });
    if (options.hub === undefined) return createRecordHandler({ dataDir, logger, ...readerOption() });
    const { whyFeedWasAway } = options;
    return createHubRecordHandler({
      dataDir,
      logger,
      ...(whyFeedWasAway === undefined ? {} : { whyFeedWasAway }),
    });
  };
  let handler = make();
  return {
    folder,
    dataDir,
    handler: () => handler,
    forgetEverything: () => {
      handler = make();
    },
    start: async (url, run) => {
      const live = await startRun({ dataDir, handler: () => handler }, specOf(url, run, options));
      runs.push(live);
      return live;
    },
    manifest: async () =>
      readManifest(await readFile(join(folder, 'manifest.jsonl'), 'utf8').catch(() => '')),
    files: async () => (await readdir(folder)).filter((file) => parseSegmentName(file) !== null).sort(),
    close: async () => {
      for (const run of runs) {
        run.abandon();
        run.interrupt();
        await run.ended();
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Compiled code elsewhere than in `dist/` can be tried with HOLDFAST_DIST. */
function readerOption(): { readerCommand?: (specFile: string) => string[] } {
  const dist = process.env['HOLDFAST_DIST'];
  if (dist === undefined) return {};
  const program = join(dist, 'activities', 'reader', 'main.js');
  return { readerCommand: (specFile) => [process.execPath, program, specFile] };
}

async function startRun(
  host: { readonly dataDir: string; readonly handler: () => RunHandler },
  spec: RunSpec,
): Promise<LiveRun> {
  const runDir = join(host.dataDir, 'runs', encodeURIComponent(spec.runKey));
  await rm(runDir, { recursive: true, force: true });
  await mkdir(runDir, { recursive: true });
  const paths: RunPaths = {
    runDir,
    stderrFile: join(runDir, 'stderr.log'),
    progressFile: join(runDir, 'progress.log'),
    eventsFile: join(runDir, 'events.log'),
    readerFile: join(runDir, 'reader.log'),
  };
  const plan = await host.handler().plan(spec, paths);
  const startedAt = new Date().toISOString();
  const watched: WatchedRun = { spec, paths, plan, startedAt };
  const child = await spawnStages(watched);
  return new HarnessRun(host.handler, watched, child);
}

/** Starts the stages with the descriptors that custody promises, in a process group of their own. */
async function spawnStages(run: WatchedRun): Promise<ChildProcess> {
  const { paths, plan } = run;
  const [first, last] = plan.stages.map((stage) => stage.argv.map(quoted).join(' '));
  const redirect = `2>>${quoted(paths.stderrFile)} 3>>${quoted(paths.progressFile)} 4>>${quoted(paths.eventsFile)}`;
  const recorder = `sh -c 'echo $$ > "$0"; exec "$@"' ${quoted(join(paths.runDir, 'recorder.pid'))}`;
  const script =
    last === undefined
      ? `${recorder} ${first} ${redirect}`
      : `${first} 2>>${quoted(paths.stderrFile)} 5>>${quoted(paths.readerFile)} | ${recorder} ${last} ${redirect}`;
  const file = join(paths.runDir, 'stages.sh');
  await writeFile(file, `trap : INT TERM\n${script}\nexit $?\n`);
  return spawn('sh', [file], {
    cwd: plan.cwd,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, TZ: 'UTC' },
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

class HarnessRun implements LiveRun {
  readonly spec: RunSpec;
  readonly watched: WatchedRun;
  readonly #handler: () => RunHandler;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #watcher: RunWatcher;
  #timer: NodeJS.Timeout | null = null;
  #status: { code: number | null } = { code: null };

  constructor(handler: () => RunHandler, watched: WatchedRun, child: ChildProcess) {
    this.#handler = handler;
    this.watched = watched;
    this.spec = watched.spec;
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.#status = { code };
        resolve();
      });
    });
    this.#watcher = handler().watch(watched);
    this.#beginTicks();
  }

  watcher(): RunWatcher {
    return this.#watcher;
  }

  async killRecorder(signal: NodeJS.Signals): Promise<void> {
    const pid = Number(await readFile(join(this.watched.paths.runDir, 'recorder.pid'), 'utf8'));
    process.kill(pid, signal);
    await this.#ended;
  }

  interrupt(): void {
    try {
      process.kill(-(this.#child.pid as number), 'SIGINT');
    } catch {
      // It has ended.
    }
  }

  ended(): Promise<void> {
    return this.#ended;
  }

  async finish(end: Partial<RunEnd> = {}): Promise<Evidence> {
    await this.#ended;
    this.abandon();
    const evidence = await this.#watcher.collectEvidence();
    await this.#watcher.finalize(this.endFacts(end));
    return evidence;
  }

  async finishAgain(): Promise<void> {
    await this.#handler().watch(this.watched).finalize(this.endFacts());
  }

  endFacts(end: Partial<RunEnd> = {}): RunEnd {
    return {
      runKey: this.spec.runKey,
      outcome: 'failed',
      // A stop has a cause only where one made us stop.
      ...((end.outcome ?? 'failed') === 'failed' ? { cause: 'network_disconnect' as const } : {}),
      detail: 'connection reset by peer',
      logTail: '',
      exitCode: this.#status.code,
      exitSignal: null,
      startedAt: this.watched.startedAt,
      endedAt: new Date().toISOString(),
      firstProgressAt: null,
      healthyMs: 0,
      progress: null,
      ...end,
    };
  }

  abandon(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  adopt(): void {
    this.#watcher = this.#handler().watch(this.watched);
    this.#beginTicks();
  }

  #beginTicks(): void {
    this.#timer = setInterval(() => void this.#watcher.tick(null, null), TICK_MS);
  }
}

/** Waits until something holds; fails after `timeoutMs`. */
export async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${holds.toString()}`);
    await sleep(50);
  }
}

export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
