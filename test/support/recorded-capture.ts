import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { BranchStatus } from '../../core/instance-status.js';
import { until, type Cluster } from './cluster.js';
import { packetSteps, packetTimes } from './packet-times.js';

const TEST_PICTURE = [
  ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'],
  ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
].flat();
const PICTURE_SECONDS = 1 / 25;

/** A capture of a test picture with a recording `tape` and, unless told otherwise, a stream `live` into a file on a disk that never fills up. */
export class RecordedCapture {
  readonly id: string;
  readonly #cluster: Cluster;
  readonly #name: string;

  private constructor(cluster: Cluster, name: string) {
    this.id = `capture/${name}`;
    this.#cluster = cluster;
    this.#name = name;
  }

  /** Starts it and waits until every branch runs. */
  static async start(
    cluster: Cluster,
    name: string,
    { tape, isAlone = false, ...more }: { tape?: object; isAlone?: boolean } & Record<string, unknown> = {},
  ): Promise<RecordedCapture> {
    const capture = new RecordedCapture(cluster, name);
    const live = { name: 'live', kind: 'push', url: `file://${capture.liveFile}` };
    await cluster.startCapture({
      id: name,
      input: { kind: 'ffmpeg', args: TEST_PICTURE },
      encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
      outputs: [{ name: 'tape', kind: 'record', segment: '2s', ...tape }, ...(isAlone ? [] : [live])],
      ...more,
    });
    await capture.untilBranches('running', isAlone ? ['ingest', 'tape'] : ['ingest', 'tape', 'live']);
    return capture;
  }

  get liveFile(): string {
    return join(this.#cluster.folder, `${this.#name}.ts`);
  }

  async branch(name: string): Promise<BranchStatus> {
    const branch = (await this.#cluster.status(this.id)).branches.find((each) => each.name === name);
    if (branch === undefined) throw new Error(`${this.id} has no branch ${name}`);
    return branch;
  }

  async untilBranches(state: string, names: readonly string[], timeoutMs = 45_000): Promise<void> {
    const statesNow = async () => {
      const status = await this.#cluster.status(this.id).catch(() => undefined);
      return names.map((name) => status?.branches.find((branch) => branch.name === name)?.state);
    };
    await until(
      async () => (await statesNow()).every((now) => now === state),
      timeoutMs,
      `${names.join(', ')} of ${this.id} to be ${state}`,
    );
  }

  /** Waits until this many more segments than now are in the manifest. */
  async untilRecorded(segments: number, timeoutMs = 45_000): Promise<void> {
    const before = await this.#closedSegments();
    await until(
      async () => (await this.#closedSegments()) >= before + segments,
      timeoutMs,
      `${segments} segments of ${this.id}`,
    );
  }

  /** Level and text of what people were told of the instance, in order. */
  async told(): Promise<string[]> {
    const all = await this.#cluster.notifications();
    return all
      .filter(({ instance }) => instance === this.id)
      .map(({ level, message }) => `${level}: ${message}`);
  }

  /** Causes of the gaps in the manifest, in order. */
  async gapCauses(): Promise<(string | undefined)[]> {
    const lines = await this.#cluster.manifest(this.id, 'tape');
    return lines.filter(({ type }) => type === 'gap').map(({ cause }) => cause);
  }

  /** Stops it and answers how many runs each branch had. */
  async stop(): Promise<Readonly<Record<string, number>>> {
    const handle = this.#cluster.client.workflow.getHandle(this.id);
    await handle.signal('stop');
    return ((await handle.result()) as { runs: Record<string, number> }).runs;
  }

  /** Every segment that the manifest names, and has not named as removed, holds as many pictures as it says. */
  async expectPlayable(): Promise<void> {
    const lines = await this.#cluster.manifest(this.id, 'tape');
    const removed = new Set(lines.filter(({ type }) => type === 'removed').map(({ file }) => file));
    for (const { type, file = '', frames } of lines) {
      if (type !== 'segment' || removed.has(file)) continue;
      const path = join(this.#cluster.recordingFolder(this.id, 'tape'), file);
      expect({ file, frames: (await packetTimes(path)).length }).toEqual({ file, frames });
    }
  }

  /** The stream has every picture from its first to its last. */
  async expectUnbrokenStream(secondsMin: number): Promise<void> {
    const steps = await packetSteps(this.liveFile);
    expect(new Set(steps)).toEqual(new Set([PICTURE_SECONDS * 1_000]));
    expect(steps.length * PICTURE_SECONDS).toBeGreaterThan(secondsMin);
  }

  async #closedSegments(): Promise<number> {
    const lines = await this.#cluster.manifest(this.id, 'tape');
    return lines.filter(({ type }) => type === 'segment').length;
  }
}
