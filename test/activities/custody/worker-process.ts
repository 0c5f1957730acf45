import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RunEnd, RunHeartbeat, RunSpec } from '../../../core/run.js';
import { until } from './bench.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CUSTODIAN = fileURLToPath(new URL('../../fixtures/custodian.mjs', import.meta.url));
const COMPILED = join(ROOT, '.cache', 'custody-test');

/** One line of the log that the processes' owner keeps. */
export interface OwnerEntry {
  readonly worker: number;
  readonly token?: string;
  readonly heartbeat?: RunHeartbeat;
  readonly end?: RunEnd;
  readonly finalized?: string;
}

/** Compiles the product as it is now, because a process of its own cannot run TypeScript. */
export function compileProduct(): void {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  spawnSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', COMPILED]);
  if (!existsSync(join(COMPILED, 'activities', 'custody', 'custody.js')))
    throw new Error('nothing was compiled');
}

/** A custodian in a process of its own. */
export class WorkerProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';
  #ended = false;

  constructor(dataDir: string, specs: readonly RunSpec[] = []) {
    const words = [CUSTODIAN, COMPILED, dataDir, JSON.stringify(specs)];
    this.#child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (text: Buffer): void => {
      this.#output += text.toString();
    };
    this.#child.stdout.on('data', keep);
    this.#child.stderr.on('data', keep);
    this.#child.on('exit', () => {
      this.#ended = true;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything it has printed. */
  get output(): string {
    return this.#output;
  }

  async started(): Promise<void> {
    await until(`worker ${this.pid} has started: ${this.#output}`, () => this.#output.includes('started'));
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await until(`worker ${this.pid} has ended`, () => this.#ended);
  }
}

/** What the owner was told so far. */
export function ownerLog(dataDir: string): OwnerEntry[] {
  const path = join(dataDir, 'owner.log');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as OwnerEntry);
}
