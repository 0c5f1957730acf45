// Goal: an output fails alone, whatever its kind; only when none is left the capture fails, with the cause that took the last one.
// Method: servers that are away or die, a full device, a folder that cannot be made; the pictures of the other outputs are counted.
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { hubOf } from '../../core/hub.js';
import { Cluster, processesOf, until } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { FRAMES_PER_SECOND, startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { NumberedCapture, PATIENT, runPattern } from '../support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

/** Given up soon: what is tested here is what becomes of the others. */
const ONE_RETRY = { max_retries: 1, retry_delay: 0 };
const TEST_PICTURE = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'];

let cluster: Cluster;
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;

beforeAll(async () => {
  [cluster, source, rtmp, srt] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([source, rtmp, srt].map((server) => server.close()));
}, 60_000);

async function failureOf(id: string): Promise<ApplicationFailure> {
  const error = await cluster.client.workflow
    .getHandle(id)
    .result()
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

async function notifiedOf(id: string): Promise<string[]> {
  const all = await cluster.notifications();
  return all
    .filter(({ instance }) => instance === id)
    .map(({ level, branch, message }) => `${level} ${branch}: ${message}`);
}

interface FailingOutput {
  readonly output: { readonly name: string; readonly kind: string; readonly url?: string };
  readonly cause: string;
  readonly state: string;
  /** What people are told last. */
  readonly told: string;
}

/** One of each kind that cannot work, for as many reasons. */
async function failingOutputs(): Promise<FailingOutput[]> {
  const push = (name: string, url: string) => ({ name, kind: 'push', url });
  const inVain = (name: string) => ({ state: 'error', told: `error ${name}: Failed after 1 attempt` });
  return [
    {
      output: push('rtmp', `rtmp://127.0.0.1:${await freePort()}/live/x`),
      cause: 'network_disconnect',
      ...inVain('rtmp'),
    },
    {
      output: push('lonely-srt', `srt://127.0.0.1:${await freePort()}`),
      cause: 'network_disconnect',
      ...inVain('lonely-srt'),
    },
    {
      output: push('udp', 'udp://holdfast.invalid:5000'),
      cause: 'network_disconnect',
      ...inVain('udp'),
    },
    {
      output: push('file', 'file:///dev/full'),
      cause: 'storage_full',
      state: 'stopped',
      told: 'warning file: Output file stopped: storage full, streaming continues',
    },
    {
      output: { name: 'second-tape', kind: 'record' },
      cause: 'unknown',
      ...inVain('second-tape'),
    },
  ];
}

describe('a single output that fails', () => {
  let capture: NumberedCapture;

  it('leaves every other one alone, whatever its kind and its reason', async () => {
    capture = await NumberedCapture.start(cluster, source, { rtmp, srt }, { id: 'studio' });
    const before = await capture.processes();
    // A file where the folder of the recording would have to be.
    await writeFile(cluster.recordingFolder(capture.id, 'second-tape'), '');
    for (const { output, cause, state, told } of await failingOutputs()) {
      const { name } = output;
      await capture.handle.executeUpdate('addOutput', { args: [{ ...output, recovery: ONE_RETRY }] });
      await until(
        async () => (await capture.told()).at(-1) === told,
        30_000,
        () => `${name} to be given up`,
      );
      const status = await capture.status();
      expect(status).toMatchObject({ state: 'degraded' });
      expect(status.detail).toMatch(new RegExp(`^${name}: ${state} \\(${cause}: .`));
      expect(status.branches.find((branch) => branch.name === name)).toMatchObject({ state });
      expect(status.branches.filter((branch) => branch.name !== name)).toMatchObject(
        ['ingest', 'live', 'srt', 'tape'].map((other) => ({ name: other, state: 'running', run: 1 })),
      );
      await capture.handle.executeUpdate('removeOutput', { args: [name] });
      await cluster.untilState(capture.id, 'running', 10_000);
    }
    expect(await capture.processes()).toEqual(before);
  }, 150_000);

  it('costs none of the others a picture', async () => {
    await capture.handle.signal('stop');
    expect(await capture.handle.result()).toMatchObject({ runs: { ingest: 1, live: 1, srt: 1, tape: 1 } });
    for (const output of ['live', 'srt', 'tape'] as const) {
      const { count, ...rest } = await capture.delivered(output);
      expect({ output, ...rest }).toEqual({ output, missing: [], doubled: 0 });
      expect(count).toBeGreaterThan(FRAMES_PER_SECOND * 5);
    }
  }, 180_000);
});

describe('a capture whose outputs fail one after the other', () => {
  const id = 'capture/lonely';

  it('is degraded until the last one has failed, and then fails with the cause of that', async () => {
    await cluster.startCapture({
      id: 'lonely',
      input: { kind: 'ffmpeg', args: TEST_PICTURE },
      encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
      recovery: ONE_RETRY,
      outputs: [
        { name: 'file', kind: 'push', url: 'file:///dev/full' },
        { name: 'live', kind: 'push', url: rtmp.url('lonely') },
      ],
    });
    const degraded = await cluster.untilState(id, 'degraded');
    expect(degraded.detail).toContain('file: ');
    await until(
      async () => (await cluster.status(id)).branches.at(-1)?.state === 'running',
      30_000,
      'the push to run',
    );
    await rtmp.kill();
    expect(await failureOf(id)).toMatchObject({ type: 'network_disconnect', nonRetryable: true });
    const ended = await cluster.status(id);
    expect(ended).toMatchObject({ state: 'error', detail: expect.stringMatching(/^network_disconnect: /) });
    expect((await notifiedOf(id)).at(-1)).toBe('error live: Failed after 1 attempt');
    expect(await processesOf(cluster.dataDir, runPattern('lonely'))).toEqual([]);
    expect((await cluster.cli('show', 'lonely')).stdout).toMatch(/error/);
  }, 180_000);

  it('is started again by `holdfast retry`', async () => {
    await rtmp.restart();
    expect(await cluster.cli('retry', 'lonely')).toMatchObject({ exitCode: 0 });
    await until(
      async () => (await cluster.status(id)).branches.at(-1)?.state === 'running',
      30_000,
      'the push to run again',
    );
    expect((await cluster.status(id)).branches[0]).toMatchObject({ name: 'ingest', state: 'running' });
    await cluster.client.workflow.getHandle(id).signal('stop');
    await cluster.client.workflow.getHandle(id).result();
  }, 180_000);
});

describe('an ingest that cannot work as it is configured now', () => {
  it('ends the outputs, which say why, and so does the recording when it goes on', async () => {
    const id = 'capture/rough';
    const entry = cluster.onOwnHub({
      id: 'rough',
      input: { kind: 'ffmpeg', args: TEST_PICTURE },
      encode: { bitrate: '1M', options: { preset: 'ultrafast' } },
      outputs: [{ name: 'tape', kind: 'record', segment: '4s' }],
    });
    const handle = await cluster.startCapture(entry);
    const untilRecorded = async (run: number) => {
      const segments = async () => (await cluster.manifest(id, 'tape')).filter((line) => line.run === run);
      await until(async () => (await segments()).length > 0, 45_000, `a segment of run ${run}`);
    };
    await untilRecorded(1);
    await handle.executeUpdate('reconfigure', { args: [{ ...entry, encode: { video: 'no-such-encoder' } }] });
    const { type } = await failureOf(id);
    expect(type).toBe('invalid_pipeline');
    expect((await cluster.status(id)).branches).toMatchObject([
      { name: 'ingest', state: 'error', run: 2 },
      { name: 'tape', state: 'stopped', run: 1, detail: expect.stringContaining('no-such-encoder') },
    ]);
    await cluster.configure({ captures: [entry] });
    expect(await cluster.cli('apply', '-c', cluster.configPath)).toMatchObject({ exitCode: 0 });
    await untilRecorded(2);
    const again = cluster.client.workflow.getHandle(id);
    await again.signal('stop');
    await again.result();
    const gap = (await cluster.manifest(id, 'tape')).filter((line) => line.type === 'gap').at(-1);
    expect(gap).toMatchObject({ cause: type, evidence: expect.stringContaining('no-such-encoder') });
  }, 180_000);
});

describe('two captures of one hub', () => {
  it('on one host: the second is refused and told whose it is, and the first does not notice', async () => {
    // Of this cluster alone: other tests run on this machine.
    const { address: hub } = hubOf(dirname(cluster.dataDir));
    const entry = { input: { kind: 'ffmpeg', args: TEST_PICTURE }, encode: { bitrate: '1M' }, hub };
    const first = await cluster.startCapture({ id: 'first', ...entry });
    await cluster.untilState('capture/first', 'running');
    await cluster.startCapture({ id: 'second', ...entry, outputs: [{ name: 'tape', kind: 'record' }] });
    const { type, message } = await failureOf('capture/second');
    expect(type).toBe('invalid_pipeline');
    expect(message).toContain(`the hub ${hub}:5004 is used by capture/first on this host`);
    // Nobody has asked for the end of the output.
    expect((await cluster.status('capture/second')).branches[1]).toMatchObject({
      state: 'stopped',
      detail: expect.stringContaining('capture/first'),
    });
    expect(await notifiedOf('capture/second')).toEqual([expect.stringContaining('capture/first')]);
    const status = await cluster.status('capture/first');
    expect(status).toMatchObject({ state: 'running', incidentCount: 0 });
    await first.signal('stop');
    await first.result();
    await rm(cluster.recordingFolder('capture/studio', 'second-tape'), { force: true });
  }, 180_000);
});
