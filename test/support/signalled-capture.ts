import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { InstanceStatus } from '../../core/instance-status.js';
import { processesOf, until, type Cluster } from './cluster.js';

/** A picture with sound, in real time. */
const TEST_PICTURE = [
  ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
  ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
].flat();

export interface SignalledOptions {
  /** Further keys of the input; over a test picture. */
  readonly input?: object;
  /** Further keys of the sysfs probe, or another probe altogether. */
  readonly probe?: { readonly kind?: string } & Record<string, unknown>;
  readonly recovery?: object;
  readonly outputs?: readonly object[];
  readonly [key: string]: unknown;
}

/** A capture whose input signal is a word in a file, as a driver would tell it in sysfs. */
export class SignalledCapture {
  readonly id: string;
  readonly handle: WorkflowHandle;
  readonly #cluster: Cluster;
  readonly #name: string;

  private constructor(cluster: Cluster, name: string, handle: WorkflowHandle) {
    this.#cluster = cluster;
    this.#name = name;
    this.id = `capture/${name}`;
    this.handle = handle;
  }

  static async start(
    cluster: Cluster,
    name: string,
    { input, probe, outputs, ...more }: SignalledOptions = {},
  ): Promise<SignalledCapture> {
    await writeFile(signalFile(cluster, name), 'locked\n');
    const handle = await cluster.startCapture({
      id: name,
      input: {
        ...(input ?? { kind: 'ffmpeg', args: TEST_PICTURE }),
        probe:
          probe?.kind === undefined
            ? { kind: 'sysfs', path: signalFile(cluster, name), pattern: 'locked', ...probe }
            : probe,
      },
      encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
      outputs: outputs ?? [{ name: 'file', kind: 'push', url: `file://${cluster.folder}/${name}.ts` }],
      ...more,
    });
    return new SignalledCapture(cluster, name, handle);
  }

  /** What the driver says from now on. */
  async setSignal(word: 'locked' | 'no-link'): Promise<void> {
    await writeFile(signalFile(this.#cluster, this.#name), `${word}\n`);
  }

  async untilState(states: string | readonly string[], timeoutMs?: number): Promise<InstanceStatus> {
    return await this.#cluster.untilState(this.id, states, timeoutMs);
  }

  /** Waits until the ingest and every output deliver. */
  async untilAllRun(): Promise<InstanceStatus> {
    const working = ({ branches }: InstanceStatus) => branches.every(({ state }) => state === 'running');
    let status = await this.untilState('running');
    await until(
      async () => working((status = await this.#cluster.status(this.id))),
      30_000,
      () => `every branch of ${this.id} to run: ${JSON.stringify(status.branches)}`,
    );
    return status;
  }

  /** Processes of all its runs, or of those of one branch, or of one run: `ingest/2`. */
  async processes(branch = ''): Promise<number[]> {
    const separator = '(?:/|%2F)';
    const runKey = ['capture', this.#name, ...branch.split('/')]
      .filter((part) => part !== '')
      .join(separator);
    return await processesOf(this.#cluster.folder, new RegExp(`${runKey}(?![\\w-])`));
  }

  async untilNoProcess(timeoutMs: number): Promise<void> {
    let pids: number[] = [];
    await until(
      async () => (pids = await this.processes()).length === 0,
      timeoutMs,
      () => `the processes of ${this.id} to end: ${pids.join(', ')}`,
    );
  }

  /** Level and text of everything that people were told, in order. */
  async told(): Promise<string[]> {
    const all = await this.#cluster.notifications();
    return all
      .filter(({ instance }) => instance === this.id)
      .map(({ level, message }) => `${level}: ${message}`);
  }

  async untilTold(count: number): Promise<string[]> {
    let told: string[] = [];
    await until(
      async () => (told = await this.told()).length >= count,
      15_000,
      () => `${count} notifications of ${this.id}: ${told.join('; ')}`,
    );
    return told;
  }

  async stop(): Promise<unknown> {
    await this.handle.signal('stop');
    return await this.#cluster.client.workflow.getHandle(this.id).result();
  }
}

export function signalFile(cluster: Cluster, name: string): string {
  return join(cluster.folder, `signal-${name}`);
}

export const SIGNAL_LOST = 'warning: HDMI signal lost, waiting...';
export const SIGNAL_BACK = 'info: HDMI signal detected';
