import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../../core/run.js';
import { type RunPlan, PlanError } from './handler.js';
import { LOCKS_MAX, STAGES_MAX } from './limits.js';
import { holderRecord, openMachineLocks } from './machine-locks.js';
import { RUN_NONCE_VARIABLE } from './process-hunt.js';
import { projectRoot } from './project-root.js';
import { branchLockPath, locksFolder, type RunFiles } from './run-files.js';

/** Exit status of the wrapper when it could not get its first lock; the next locks count up from here. */
const LOCK_CONFLICT_BASE = 201;
/** Place of the branch's lock among those of a run. */
const BRANCH_LOCK = 1;
/** A last child of the branch's former run may hold the lock for a moment after everything of it was killed. */
const STRAGGLER_WAIT_SECONDS = '2';
/** What the wrapper runs: only its owner can read the environment of a process, but everybody its arguments. */
const STAGES_VARIABLE = 'HOLDFAST_STAGES';
/** What the wrapper writes into the locks of the machine that it has got, and which descriptors those are. */
const HOLDER_VARIABLE = 'HOLDFAST_HOLDER';
const LOCKS_VARIABLE = 'HOLDFAST_LOCKS';
/** The first descriptor of a child behind its logs. */
const FIRST_LOCK_DESCRIPTOR = 7;

export interface Launch {
  readonly dataDir: string;
  /** Folder of the locks that all installations of the machine share. */
  readonly machineLocks: string;
  readonly spec: RunSpec;
  readonly nonce: string;
  readonly files: RunFiles;
  readonly plan: RunPlan;
}

/**
 * Starts the processes of a run: `flock` becomes the next `flock` and at last the wrapper, one process all the way, leader of
 * its own group and session. Every lock is in place before the first stage runs.
 */
export function launchRun(launch: Launch): ChildProcess {
  const { dataDir, machineLocks, spec, files, plan } = launch;
  assertRunnable(plan, spec);
  mkdirSync(locksFolder(dataDir), { recursive: true, mode: 0o700 });
  const [program, ...words] = [...lockWords(launch), ...wrapperWords(files, plan)] as [string, ...string[]];
  const environment = {
    ...stageEnvironment(plan, launch.nonce),
    [STAGES_VARIABLE]: stagesInWords(plan),
    [HOLDER_VARIABLE]: holderRecord(spec, dataDir),
    [LOCKS_VARIABLE]: spec.locks.map((_lock, index) => FIRST_LOCK_DESCRIPTOR + index).join(' '),
  };
  const logs = [files.stderrFile, files.progressFile, files.eventsFile, files.readerFile, files.stderrFile];
  const descriptors = openMachineLocks(machineLocks, spec.locks);
  try {
    descriptors.unshift(...logs.map((path) => openSync(path, 'a', 0o600)));
    const child = spawn(program, words, {
      cwd: plan.cwd,
      env: environment,
      detached: true,
      stdio: ['ignore', 'ignore', ...descriptors],
    });
    child.unref();
    return child;
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** The lock that an exit status of the wrapper names; null for every other status. */
export function conflictingLock(spec: RunSpec, status: number | null): string | null {
  if (status === null) return null;
  const names = [`run:${spec.runKey}`, branchLockName(spec), ...spec.locks];
  return names[status - LOCK_CONFLICT_BASE] ?? null;
}

/** How the lock of a branch is called in messages. */
export function branchLockName({ workflowId, branch }: RunSpec): string {
  return `branch:${workflowId}/${branch}`;
}

function lockWords({ dataDir, spec, files }: Launch): string[] {
  const paths = [
    files.lockFile,
    branchLockPath(dataDir, spec.workflowId, spec.branch),
    ...spec.locks.map((_lock, index) => `/proc/self/fd/${FIRST_LOCK_DESCRIPTOR + index}`),
  ];
  return paths.flatMap((path, index) => {
    const patience = index === BRANCH_LOCK ? ['--timeout', STRAGGLER_WAIT_SECONDS] : ['--nonblock'];
    const conflictStatus = String(LOCK_CONFLICT_BASE + index);
    return ['flock', ...patience, '--no-fork', '--conflict-exit-code', conflictStatus, path];
  });
}

function wrapperWords(files: RunFiles, plan: RunPlan): string[] {
  const wrapper = join(projectRoot(), 'activities', 'custody', 'wrapper.sh');
  const stages = String(plan.stages.length);
  return ['sh', wrapper, files.processFile, files.exitFile, files.firstExitFile, stages];
}

/** Each stage as the number of its words and the words, quoted for the shell that will run them. */
function stagesInWords({ stages }: RunPlan): string {
  const words = stages.flatMap(({ argv }) => [String(argv.length), ...argv]);
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

/** Nothing of the worker's own environment reaches a tool, except where programs and the home folder are. */
function stageEnvironment(plan: RunPlan, nonce: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
  for (const stage of plan.stages) Object.assign(environment, stage.env);
  environment[RUN_NONCE_VARIABLE] = nonce;
  return environment;
}

function assertRunnable(plan: RunPlan, spec: RunSpec): void {
  const problem = problemWith(plan, spec);
  if (problem !== null) throw new PlanError(problem, { role: 'pipeline', tool: 'other', text: problem });
  if (existsSync(plan.cwd)) return;
  const text = `the folder ${plan.cwd} does not exist`;
  throw new PlanError(text, { role: 'storage', writable: false, text });
}

function problemWith({ stages }: RunPlan, { locks }: RunSpec): string | null {
  if (stages.length < 1 || stages.length > STAGES_MAX) return `a run has 1 or ${STAGES_MAX} stages`;
  if (stages.some(({ argv }) => argv.length === 0)) return 'a stage has no program';
  if (stages.some(({ argv }) => argv.some((word) => word.includes('\0')))) return 'an argument holds a NUL';
  if (locks.length > LOCKS_MAX) return `a run has at most ${LOCKS_MAX} locks`;
  const assigned = new Map<string, string>();
  for (const [name, value] of stages.flatMap(({ env }) => Object.entries(env ?? {}))) {
    // Both stages share one environment, so that no secret of it shows up among the arguments of a process.
    if ((assigned.get(name) ?? value) !== value) return `the stages disagree about the variable ${name}`;
    assigned.set(name, value);
  }
  return null;
}
