import type { WorkflowHandle } from '@temporalio/client';
import type { InstanceStatus } from '../../core/instance-status.js';
import { processesOf, until, type Cluster } from './cluster.js';
import { missingFrames, readFrameNumbers, type FrameRange, type LiveSource } from './live-source/index.js';
import type { RtmpServer } from './rtmp-server.js';
import type { SrtListener, SrtListenerOptions } from './srt-listener.js';

/** ffmpeg looks at a live input for five seconds unless told otherwise. */
const SHORT_LOOK = ['-analyzeduration', '500000', '-probesize', '500000'];

/** For the listener of such a capture: what SRT itself drops on a busy machine is no loss of ours. */
export const PATIENT: SrtListenerOptions = { latencyMs: 1_000 };

/** Where the outputs of such a capture go. */
export interface Destinations {
  readonly rtmp: RtmpServer;
  readonly srt: SrtListener;
}

/** What an output has delivered, by the numbers of its pictures. */
export interface Delivered {
  readonly count: number;
  readonly missing: readonly FrameRange[];
  readonly doubled: number;
}

/**
 * A capture whose pictures carry their number, with the outputs `live` (RTMP), `srt` and `tape` (a recording): every picture that one of
 * them has lost or doubled is seen.
 */
export class NumberedCapture {
  readonly id: string;
  readonly handle: WorkflowHandle;
  readonly #cluster: Cluster;
  readonly #name: string;
  readonly #to: Destinations;

  private constructor(cluster: Cluster, name: string, to: Destinations, handle: WorkflowHandle) {
    this.#cluster = cluster;
    this.#name = name;
    this.#to = to;
    this.id = `capture/${name}`;
    this.handle = handle;
  }

  static async start(
    cluster: Cluster,
    source: LiveSource,
    to: Destinations,
    { id, ...more }: { readonly id: string } & Record<string, unknown>,
  ): Promise<NumberedCapture> {
    await cluster.startCapture({
      id,
      input: { kind: 'ffmpeg', args: [...SHORT_LOOK, '-i', source.urls.ts] },
      encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
      outputs: [
        { name: 'live', kind: 'push', url: to.rtmp.url(id) },
        { name: 'srt', kind: 'push', url: to.srt.url },
        { name: 'tape', kind: 'record', segment: '4s' },
      ],
      ...more,
    });
    const capture = new NumberedCapture(cluster, id, to, cluster.client.workflow.getHandle(`capture/${id}`));
    await capture.untilAllRun();
    return capture;
  }

  async status(): Promise<InstanceStatus> {
    return await this.#cluster.status(this.id);
  }

  /** Waits until the ingest and every output deliver. */
  async untilAllRun(timeoutMs = 45_000): Promise<InstanceStatus> {
    let status: InstanceStatus | undefined;
    await until(
      async () => {
        status = await this.status().catch(() => undefined);
        return status?.branches.every(({ state }) => state === 'running') === true;
      },
      timeoutMs,
      () => `every branch of ${this.id} to run: ${JSON.stringify(status?.branches)}`,
    );
    return status as InstanceStatus;
  }

  /** ffmpeg processes of all runs, or of those of one branch, in ascending order. */
  async processes(branch = ''): Promise<number[]> {
    return (await processesOf(this.#cluster.dataDir, runPattern(this.#name, branch))).sort(
      (left, right) => left - right,
    );
  }

  /** How many times each branch has begun a run. */
  async runs(): Promise<Record<string, number>> {
    return Object.fromEntries((await this.status()).branches.map(({ name, run }) => [name, run]));
  }

  /** Media files of an output, oldest first. */
  async files(output: 'live' | 'srt' | 'tape'): Promise<string[]> {
    switch (output) {
      case 'live':
        return await this.#to.rtmp.recordings(this.#name);
      case 'srt':
        return await this.#to.srt.recordings();
      case 'tape':
        return await this.#cluster.mediaFiles(this.id, 'tape');
    }
  }

  /** What has arrived at an output; ask after the end of the capture. */
  async delivered(output: 'live' | 'srt' | 'tape'): Promise<Delivered> {
    return await deliveredIn(await this.files(output));
  }

  /** Level, branch and text of everything that people were told, in order. */
  async told(): Promise<string[]> {
    const all = await this.#cluster.notifications();
    return all
      .filter(({ instance }) => instance === this.id)
      .map(({ level, branch, message }) => `${level} ${branch}: ${message}`);
  }
}

/** What has arrived in some files, in order. */
export async function deliveredIn(files: readonly string[]): Promise<Delivered> {
  const numbers: number[] = [];
  for (const file of files) numbers.push(...(await readFrameNumbers(file)));
  return {
    count: numbers.length,
    missing: missingFrames(numbers),
    doubled: numbers.length - new Set(numbers).size,
  };
}

/** What tells the ffmpeg processes of a capture, or of one of its branches, by the key of their run. */
export function runPattern(name: string, branch = ''): RegExp {
  const key = ['capture', name, branch].filter((part) => part !== '').join('(?:/|%2F)');
  return new RegExp(`^\\S*ffmpeg .*\\n[^]*${key}(?:/|%2F|\\n|$)`);
}
