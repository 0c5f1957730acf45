// Goal: losing the worker, the host's worker for long, the server or the ingest costs an output no picture beyond those that nobody
// encoded. Method: SIGKILL of real processes while RTMP, SRT and a recording are live; every picture carries its number.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { NumberedCapture, PATIENT } from '../support/numbered-capture.js';
import { packetTimes } from '../support/packet-times.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

const OUTPUTS = ['live', 'srt', 'tape'] as const;
const HEARTBEAT_TIMEOUT_MS = 5_000;
/** Heartbeat timeout, the next attempt and the 10 s it may wait for a worker, many times over. */
const WAITING_TIMEOUT_MS = 60_000;

let cluster: Cluster;
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;
let orchestrator: WorkerProcess;
let device: WorkerProcess;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function startWorkers(): Promise<void> {
  [orchestrator, device] = await Promise.all([
    cluster.startWorker('orchestrator,fetch'),
    cluster.startWorker('device'),
  ]);
}

async function killWorkers(): Promise<void> {
  await Promise.all([orchestrator.end('SIGKILL'), device.end('SIGKILL')]);
}

beforeAll(async () => {
  [cluster, source, rtmp, srt] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  await startWorkers();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([source.close(), rtmp.close(), srt.close()]);
}, 60_000);

describe('a capture with three live outputs', () => {
  let capture: NumberedCapture;
  let pids: number[];

  const attempts = async (): Promise<number[]> => {
    const { raw } = await capture.handle.describe();
    const starts = (raw.pendingActivities ?? []).filter(
      ({ activityType }) => activityType?.name === 'startRun',
    );
    return starts.map(({ attempt }) => attempt ?? 0);
  };
  const expectUntouched = async (): Promise<void> => {
    expect(await capture.processes()).toEqual(pids);
    expect(await capture.runs()).toEqual({ ingest: 1, live: 1, srt: 1, tape: 1 });
  };

  it('keeps every process while the workers are away for a moment', async () => {
    const heartbeat_timeout = `${HEARTBEAT_TIMEOUT_MS}ms`;
    capture = await NumberedCapture.start(cluster, source, { rtmp, srt }, { id: 'three', heartbeat_timeout });
    await sleep(2_000);
    pids = await capture.processes();
    expect(pids).toHaveLength(4);
    await killWorkers();
    await sleep(2_000);
    await startWorkers();
    await sleep(2_000);
    await capture.untilAllRun();
    await expectUntouched();
  }, 120_000);

  it('keeps every process while the workers are away for longer than the heartbeat timeout', async () => {
    await killWorkers();
    await until(async () => (await attempts()).every((attempt) => attempt > 1), 20_000, 'the next attempts');
    await startWorkers();
    await capture.untilAllRun();
    await sleep(1_000);
    await expectUntouched();
    expect((await capture.status()).incidentCount).toBe(0);
  }, 120_000);

  it('keeps every process while the server is killed and comes back on its database', async () => {
    process.kill(cluster.server.server.pid(), 'SIGKILL');
    await sleep(4_000);
    await cluster.untilState(capture.id, 'running', 60_000);
    await capture.untilAllRun();
    await expectUntouched();
    expect((await capture.status()).incidentCount).toBe(0);
  }, 120_000);

  it('waits for its host and says so once, not once for each branch', async () => {
    await device.end('SIGKILL');
    const { detail } = await cluster.untilState(capture.id, 'waiting_host', WAITING_TIMEOUT_MS);
    expect(detail).toContain('studio-1');
    await until(
      async () => (await capture.status()).branches.every(({ state }) => state === 'waiting_host'),
      WAITING_TIMEOUT_MS,
      'every branch to wait for the host',
    );
    expect((await capture.status()).incidents).toHaveLength(4);
    await expectUntouched();
    expect(await capture.told()).toEqual(['warning ingest: Host studio-1 does not answer, waiting...']);
  }, 120_000);

  it('goes on by itself when the host is back', async () => {
    device = await cluster.startWorker('device');
    await cluster.untilState(capture.id, 'running', WAITING_TIMEOUT_MS);
    await capture.untilAllRun();
    await until(async () => (await capture.told()).length > 1, 10_000, 'the second notification');
    await expectUntouched();
  }, 120_000);

  it('has lost no picture on any output through all of this', async () => {
    await capture.handle.signal('stop');
    expect(await capture.handle.result()).toMatchObject({ state: 'stopped', incidents: 4 });
    const counts: number[] = [];
    for (const output of OUTPUTS) {
      const { count, missing, doubled } = await capture.delivered(output);
      expect({ output, missing, doubled }).toEqual({ output, missing: [], doubled: 0 });
      counts.push(count);
    }
    // The host alone was away for longer than 15 s.
    expect(Math.min(...counts)).toBeGreaterThan(25 * 15);
    const lines = await cluster.manifest(capture.id, 'tape');
    expect(lines.filter(({ type }) => type === 'gap')).toEqual([]);
    expect(lines.reduce((sum, { frames }) => sum + (frames ?? 0), 0)).toBe(counts[2]);
    expect(await capture.processes()).toEqual([]);
    expect(await capture.told()).toEqual([
      'warning ingest: Host studio-1 does not answer, waiting...',
      'info ingest: Host studio-1 is back',
    ]);
  }, 90_000);
});

describe('an ingest that is killed', () => {
  it('is waited for by its outputs for longer than their stall timeout, and they go on as they are', async () => {
    // A listener of its own: one file for one caller.
    const listener = await startSrtListener();
    const recovery = { retry_delay: 8 };
    const stall_timeout = '3s';
    const capture = await NumberedCapture.start(
      cluster,
      source,
      { rtmp, srt: listener },
      { id: 'holed', stall_timeout, recovery },
    );
    await sleep(4_000);
    const before = await Promise.all(OUTPUTS.map((name) => capture.processes(name)));
    for (const pid of await capture.processes('ingest')) process.kill(pid, 'SIGKILL');
    const { branches } = await cluster.untilState(capture.id, 'retrying');
    expect(branches.map(({ name, state }) => [name, state])).toEqual([
      ['ingest', 'retrying'],
      ...OUTPUTS.map((name) => [name, 'running']),
    ]);
    await capture.untilAllRun();
    await sleep(5_000);
    expect(await capture.runs()).toEqual({ ingest: 2, live: 1, srt: 1, tape: 1 });
    expect(await Promise.all(OUTPUTS.map((name) => capture.processes(name)))).toEqual(before);
    await capture.handle.signal('stop');
    expect(await capture.handle.result()).toMatchObject({ incidents: 1 });
    expect(await capture.told()).toEqual([
      'info ingest: Connection lost, retrying...',
      'success ingest: Reconnected successfully',
    ]);

    for (const output of OUTPUTS) {
      const files = await capture.files(output);
      const times = (await Promise.all(files.map((file) => packetTimes(file, { time: 'dts' })))).flat();
      const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect({ output, backwards: steps.filter((step) => step <= 0) }).toEqual({ output, backwards: [] });
      // The hole is in what was captured, not in the media: a player does not notice the eight seconds.
      expect(Math.max(...steps)).toBeLessThan(2);
    }
    const gaps = (await cluster.manifest(capture.id, 'tape')).filter(({ type }) => type === 'gap');
    expect(gaps).toMatchObject([{ cause: 'crashed' }]);
    const [gap] = gaps;
    expect(Date.parse(gap?.to ?? '') - Date.parse(gap?.from ?? '')).toBeGreaterThan(7_000);
    const { missing, doubled } = await capture.delivered('tape');
    expect(missing).toHaveLength(1);
    expect(doubled).toBe(0);
    await listener.close();
  }, 150_000);
});
