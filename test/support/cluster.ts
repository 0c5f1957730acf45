import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, ServiceError, type WorkflowHandle } from '@temporalio/client';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { projectRoot } from '../../activities/custody/project-root.js';
import { hubOf } from '../../core/hub.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { Notification } from '../../core/notifications.js';
import { openStore } from '../../store/index.js';
import { stopEverythingOf } from './processes-of.js';
import { startTestServer, type TestServer } from './temporal.js';

export { processesOf } from './processes-of.js';

const ANSWER_TIMEOUT_MS = 30_000;
const program = join(projectRoot(), 'bin', 'holdfast.cjs');

/** Environment of the programs under test: nothing of this machine decides where the server is. */
function programEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TEMPORAL_') && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

/** A worker as its own process, so that it can be killed. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly #output: string[] = [];
  readonly exited: Promise<void>;

  constructor(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { ...programEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()));
    this.exited = new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  get output(): string {
    return this.#output.join('');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.exited;
  }
}

export interface ClusterOptions {
  /** Further keys of the configuration. */
  readonly config?: object;
  /** Name of the device host. */
  readonly host?: string;
  /** Environment of the workers, over that of this process; e.g. a PATH with programs that stand in for others. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A Temporal server and workers as processes of their own, as on real machines, in a temporary folder. */
export class Cluster {
  readonly host: string;
  readonly folder: string;
  readonly server: TestServer;
  readonly client: Client;
  readonly #connection: Connection;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #workers = new Set<WorkerProcess>();

  private constructor(folder: string, server: TestServer, connection: Connection, options: ClusterOptions) {
    this.folder = folder;
    this.server = server;
    this.#connection = connection;
    this.host = options.host ?? 'studio-1';
    this.#environment = options.environment ?? {};
    this.client = new Client({ connection, namespace: server.namespace });
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-cluster-'));
    const server = await startTestServer();
    const connection = await Connection.connect({ address: server.address });
    const cluster = new Cluster(folder, server, connection, options);
    await cluster.configure(options.config ?? {});
    return cluster;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get configPath(): string {
    return join(this.folder, 'holdfast.yaml');
  }

  /** Writes the configuration file anew. */
  async configure(config: object): Promise<void> {
    await writeFile(this.configPath, stringify({ host: this.host, ...config }));
  }

  /** Starts a worker process and waits until its roles poll. */
  async startWorker(roles = 'orchestrator,device,fetch', host = this.host): Promise<WorkerProcess> {
    const args = [
      'worker',
      '-c',
      this.configPath,
      '--address',
      this.server.address,
      '--roles',
      roles,
      '--host',
      host,
    ];
    const worker = new WorkerProcess(args, this.folder, this.#environment);
    this.#workers.add(worker);
    await until(
      () => /worker ready/i.test(worker.output) || worker.child.exitCode !== null,
      30_000,
      'a worker',
    );
    if (worker.child.exitCode !== null) throw new Error(`the worker ended:\n${worker.output}`);
    return worker;
  }

  /** Runs a command of the CLI to its end. */
  async cli(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const result = await execa(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: { ...programEnvironment(), TEMPORAL_ADDRESS: this.server.address },
      extendEnv: false,
      reject: false,
      timeout: 60_000,
    });
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }

  /** Starts a stream as `temporal workflow start` would. */
  async startStream(entry: { id: string } & Record<string, unknown>): Promise<WorkflowHandle> {
    return await this.client.workflow.start('stream', {
      workflowId: `stream/${entry.id}`,
      taskQueue: 'holdfast',
      args: [entry],
    });
  }

  /** Starts a capture as `temporal workflow start` would. */
  async startCapture(entry: { id: string } & Record<string, unknown>): Promise<WorkflowHandle> {
    return await this.client.workflow.start('capture', {
      workflowId: `capture/${entry.id}`,
      taskQueue: 'holdfast',
      args: [this.onOwnHub(entry)],
    });
  }

  /** A capture with a hub that no other cluster of this machine has, unless it names one: many tests have the same ids. */
  onOwnHub<Entry extends { readonly id: string }>(entry: Entry): Entry & { readonly hub: string } {
    return { hub: hubOf(`${this.folder}/${entry.id}`).address, ...entry };
  }

  /** After the loss of a worker the server asks the dead one for a while yet: a question without an answer is put again. */
  async status(id: string): Promise<InstanceStatus> {
    const deadline = Date.now() + ANSWER_TIMEOUT_MS;
    for (;;) {
      try {
        return await this.#ask(id);
      } catch (error) {
        if (!(error instanceof ServiceError) || Date.now() > deadline) throw error;
        await sleep(250);
      }
    }
  }

  async #ask(id: string): Promise<InstanceStatus> {
    return await this.client.workflow.getHandle(id).query<InstanceStatus>('status');
  }

  async untilState(
    id: string,
    states: string | readonly string[],
    timeoutMs = 30_000,
  ): Promise<InstanceStatus> {
    const wanted = typeof states === 'string' ? [states] : states;
    let last: InstanceStatus | undefined;
    await until(
      async () => {
        last = await this.#ask(id).catch(() => undefined);
        return last !== undefined && wanted.includes(last.state);
      },
      timeoutMs,
      () => `${id} to be ${wanted.join(' or ')}; it is ${last?.state}: ${last?.detail}`,
    );
    if (last === undefined) throw new Error('should not happen: a state without a status');
    return last;
  }

  recordingFolder(id: string, branch = 'recording'): string {
    return join(this.dataDir, 'recordings', id, branch);
  }

  /** Paths of the media files of an instance, in the order in which they were recorded. */
  async mediaFiles(id: string, branch?: string): Promise<string[]> {
    const folder = this.recordingFolder(id, branch);
    const names = await readdir(folder).catch(() => []);
    const order = (name: string) => name.split(/[-.]/).slice(1, 3).map(Number);
    return names
      .filter((name) => /\.(ts|mp4|mkv)$/.test(name))
      .sort((left, right) => {
        const [leftRun = 0, leftNumber = 0] = order(left);
        const [rightRun = 0, rightNumber = 0] = order(right);
        return leftRun - rightRun || leftNumber - rightNumber;
      })
      .map((name) => join(folder, name));
  }

  async manifest(id: string, branch?: string): Promise<ManifestLine[]> {
    const text = await readFile(join(this.recordingFolder(id, branch), 'manifest.jsonl'), 'utf8').catch(
      () => '',
    );
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ManifestLine);
  }

  async notifications(): Promise<Notification[]> {
    const store = await openStore(`sqlite:${this.dataDir}/holdfast.db`);
    try {
      const kept = await store.listNotifications({ limit: 10_000 });
      return [...kept].sort((left, right) => left.time.localeCompare(right.time));
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.end('SIGKILL')));
    await stopEverythingOf(this.dataDir);
    await this.#connection.close();
    await this.server.stop();
    // For a look at what a failed test has left: HOLDFAST_TEST_KEEP=1.
    if (process.env['HOLDFAST_TEST_KEEP'] === undefined)
      await rm(this.folder, { recursive: true, force: true });
  }
}

/** A line of manifest.jsonl. */
export interface ManifestLine {
  readonly type: 'segment' | 'gap' | 'removed';
  readonly file?: string;
  readonly start?: string;
  readonly end?: string;
  readonly frames?: number;
  readonly bytes?: number;
  readonly run?: number;
  readonly from?: string;
  readonly to?: string;
  readonly cause?: string;
  readonly evidence?: string;
}

/** Waits until something holds; fails with what was waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: string | (() => string),
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(100);
  }
}
