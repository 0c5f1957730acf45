import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCustody, type Custody } from '../../../activities/custody/custody.js';
import type { RunHandler, RunPlan, RunWatcher } from '../../../activities/custody/handler.js';
import type { CustodyLimits } from '../../../activities/custody/limits.js';
import type { Classify, CustodyLogger } from '../../../activities/custody/services.js';
import type { RunSpec } from '../../../core/run.js';
import { MemoryOwner } from './memory-owner.js';

/** Misbehaving programs. */
export const CHILDREN = fileURLToPath(new URL('../../fixtures/children/', import.meta.url));

/** Short times, so that a test of the whole ladder takes a second. */
export const QUICK_LIMITS: Partial<CustodyLimits> = {
  tickIntervalMs: 100,
  pollIntervalMs: 50,
  ladderStepMs: 400,
  heartbeatIntervalMaxMs: 200,
  ownerRetryMinMs: 50,
  ownerRetryMaxMs: 200,
  ownerCheckIntervalMs: 100,
  ownerAbsentGraceMs: 600,
};

const SILENT: CustodyLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** Knows nothing but what custody tells it. */
export const classifyPlainly: Classify = (evidence) => {
  if (evidence.stalledForMs !== undefined)
    return { cause: 'stream_timeout', detail: 'stalled', rule: 'test' };
  if (evidence.errorCode === 'ENOSPC') return { cause: 'storage_full', detail: 'full', rule: 'test' };
  if (evidence.spawnErrorCode !== undefined) {
    return { cause: 'invalid_pipeline', detail: evidence.spawnErrorCode, rule: 'test' };
  }
  if (typeof evidence.exitSignal === 'string') {
    return { cause: 'crashed', detail: evidence.exitSignal, rule: 'test' };
  }
  return { cause: 'unknown', detail: evidence.text ?? '', rule: 'test' };
};

export interface HandlerChanges {
  readonly plan?: Partial<RunPlan>;
  readonly watcher?: Partial<RunWatcher>;
  readonly beforePlan?: () => Promise<void>;
}

/** Runs `command` recipes as they stand. */
export function commandHandler(changes: HandlerChanges = {}): RunHandler {
  return {
    async plan(spec, paths) {
      await changes.beforePlan?.();
      if (spec.recipe.kind !== 'command') throw new Error('only commands');
      const { argv, progress } = spec.recipe;
      return { stages: [{ argv }], cwd: paths.runDir, progress, secrets: [], ...changes.plan };
    },
    watch: () => ({
      async tick() {},
      async collectEvidence() {
        return {};
      },
      async finalize() {},
      ...changes.watcher,
    }),
  };
}

/** A data directory with custodians that come and go. Call `tearDown` after each test. */
export class CustodyBench {
  readonly dataDir: string;
  readonly owner = new MemoryOwner();
  readonly #custodies: Custody[] = [];
  #tokens = 0;

  /** Where it keeps the locks of the machine: its own, unless it shares a machine with another bench. */
  readonly machineLocks: string;

  constructor(dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'custody-'))), machineLocks?: string) {
    this.dataDir = dataDir;
    this.machineLocks = machineLocks ?? join(dataDir, 'machine-locks');
  }

  /** A new custodian, as after a restart of the worker. */
  async custody(changes: HandlerChanges = {}, limits: Partial<CustodyLimits> = {}): Promise<Custody> {
    const custody = this.standBy(changes, limits);
    await custody.lead;
    return custody;
  }

  standBy(changes: HandlerChanges = {}, limits: Partial<CustodyLimits> = {}): Custody {
    const handler = commandHandler(changes);
    const custody = createCustody({
      dataDir: this.dataDir,
      host: 'bench',
      handlers: { command: handler, 'record-source': handler },
      owner: this.owner,
      logger: SILENT,
      classify: classifyPlainly,
      limits: { ...QUICK_LIMITS, ...limits },
      machineLocks: this.machineLocks,
    });
    this.#custodies.push(custody);
    custody.start();
    return custody;
  }

  lease(heartbeatTimeoutMs = 5_000): { token: string; heartbeatTimeoutMs: number } {
    this.#tokens += 1;
    return { token: `token-${this.#tokens}`, heartbeatTimeoutMs };
  }

  async tearDown(): Promise<void> {
    for (const custody of this.#custodies) await custody.close();
    for (const pid of processesWith(this.dataDir)) killQuietly(pid);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The spec of a command run; the branch is of this run number. */
export function commandSpec(argv: readonly string[], changes: Partial<RunSpec> = {}): RunSpec {
  const workflowId = changes.workflowId ?? 'stream/test';
  const branch = changes.branch ?? 'recording';
  const run = changes.run ?? 1;
  return {
    runKey: `${workflowId}/${branch}/${run}`,
    workflowId,
    branch,
    run,
    recipe: { kind: 'command', argv, progress: 'none' },
    stallTimeoutMs: 60_000,
    locks: [],
    ...changes,
  };
}

/** A spec whose command reports progress as ffmpeg does. */
export function progressSpec(argv: readonly string[], changes: Partial<RunSpec> = {}): RunSpec {
  return commandSpec(argv, { recipe: { kind: 'command', argv, progress: 'ffmpeg' }, ...changes });
}

/** Living processes one of whose arguments contains the text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && argumentsOf(pid).includes(text));
}

/** Resolves when the condition holds; a failure names what was waited for. */
export async function until(what: string, holds: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
