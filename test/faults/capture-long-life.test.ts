// Goal: a capture whose history is continued as a new one is still the same capture: no process, picture, number, state or pause is
// lost or begun anew, and nobody is told twice. Method: messages that mean nothing make the history long while outputs are live,
// failing, given up, waiting, paused and without a host; every picture carries its number.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BranchStatus, InstanceStatus } from '../../core/instance-status.js';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { growHistory } from '../support/long-history.js';
import { NumberedCapture, PATIENT } from '../support/numbered-capture.js';
import { startRtmpServer, type RtmpServer } from '../support/rtmp-server.js';
import { startSrtListener, type SrtListener } from '../support/srt-listener.js';

const HEALTHY = ['ingest', 'live', 'srt', 'tape'] as const;
const OUTPUTS = ['live', 'srt', 'tape'] as const;
/** Of an output that is to wait while a history is continued. */
const PAUSE_MS = 60_000;

let cluster: Cluster;
let source: LiveSource;
let rtmp: RtmpServer;
let srt: SrtListener;
let device: WorkerProcess;
let capture: NumberedCapture;
let refused: string;
let pids: Record<string, number[]>;

beforeAll(async () => {
  [cluster, source, rtmp, srt] = await Promise.all([
    Cluster.start(),
    startLiveSource(),
    startRtmpServer(),
    startSrtListener(PATIENT),
  ]);
  [, device] = await Promise.all([cluster.startWorker('orchestrator,fetch'), cluster.startWorker('device')]);
  refused = `rtmp://127.0.0.1:${await freePort()}/live`;
  capture = await NumberedCapture.start(
    cluster,
    source,
    { rtmp, srt },
    { id: 'long', heartbeat_timeout: '5s' },
  );
  pids = await processesOfAll();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await Promise.all([source.close(), rtmp.close(), srt.close()]);
}, 60_000);

const handle = () => cluster.client.workflow.getHandle(capture.id);

async function processesOfAll(): Promise<Record<string, number[]>> {
  return Object.fromEntries(
    await Promise.all(HEALTHY.map(async (name) => [name, await capture.processes(name)] as const)),
  );
}

/** Makes the history too long and waits for the next execution. */
async function untilContinuedAsNew(): Promise<void> {
  const { runId } = await handle().describe();
  await growHistory(cluster.client, capture.id);
  await until(async () => (await handle().describe()).runId !== runId, 60_000, 'the next execution');
}

async function branch(name: string): Promise<BranchStatus> {
  const found = (await capture.status()).branches.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the capture has no branch ${name}`);
  return found;
}

async function addFailing(name: string, recovery: object): Promise<void> {
  const output = { name, kind: 'push', url: `${refused}/${name}`, recovery };
  await handle().executeUpdate('addOutput', { args: [output] });
}

const runsOf = ({ branches }: InstanceStatus) =>
  Object.fromEntries(
    branches
      .filter(({ name }) => HEALTHY.some((healthy) => healthy === name))
      .map(({ name, run }) => [name, run]),
  );
const RUN_ONE = { ingest: 1, live: 1, srt: 1, tape: 1 };

describe('a capture that is continued as new', () => {
  let continuedAtMs: number;
  let paused: BranchStatus;

  it('keeps the processes of its healthy branches, and whatever the failing ones had come to', async () => {
    await addFailing('gone', { max_retries: 1, retry_delay: 0 });
    await addFailing('flapping', { max_retries: 10_000, retry_delay: '100ms' });
    await addFailing('patient', { max_retries: 3, retry_delay: '30m' });
    await until(async () => (await branch('gone')).state === 'error', 30_000, 'an output to be given up');
    await until(async () => (await branch('patient')).nextAttemptAt !== null, 30_000, 'a long pause');
    await until(async () => (await branch('flapping')).run > 2, 30_000, 'some retries');
    const [gone, patient, before] = [await branch('gone'), await branch('patient'), await capture.status()];
    const told = await capture.told();
    await untilContinuedAsNew();
    await addFailing('waiting', { max_retries: 3, retry_delay: PAUSE_MS / 1_000 });
    await until(async () => (await branch('waiting')).nextAttemptAt !== null, 30_000, 'a pause');
    paused = await branch('waiting');
    // Twice, since what is carried has to be carried again.
    await untilContinuedAsNew();
    continuedAtMs = Date.now();
    await until(async () => (await capture.status()).state === 'degraded', 30_000, 'the capture to run');
    const { state, detail, run, since } = gone;
    expect(await branch('gone')).toMatchObject({ state, detail, run, since });
    expect(await branch('patient')).toEqual(patient);
    const flapped = (await branch('flapping')).run;
    await until(async () => (await branch('flapping')).run > flapped, 30_000, 'one more retry');
    const after = await capture.status();
    expect(await processesOfAll()).toEqual(pids);
    expect(runsOf(after)).toEqual(RUN_ONE);
    expect(after.startedAt).toBe(before.startedAt);
    expect(after.incidentCount).toBeGreaterThan(before.incidentCount);
    const toldNow = (await capture.told()).filter((line) => !line.includes('waiting:'));
    expect(toldNow).toEqual(told);
    const ofFlapping = told.filter((line) => line.includes('flapping'));
    expect(ofFlapping).toEqual(['info flapping: Connection lost, retrying...']);
  }, 240_000);

  it('waits for the rest of a pause, not for all of it', async () => {
    await until(async () => (await branch('waiting')).run > 1, PAUSE_MS + 30_000, 'the next attempt');
    await until(async () => (await branch('waiting')).attempt === 2, 30_000, 'its end');
    const secondPauseAtMs = Date.parse((await branch('waiting')).nextAttemptAt ?? '') - PAUSE_MS;
    expect(secondPauseAtMs).toBeGreaterThanOrEqual(Date.parse(paused.nextAttemptAt ?? ''));
    // One that had been begun anew would have ended only then.
    expect(secondPauseAtMs).toBeLessThan(continuedAtMs + PAUSE_MS);
    for (const name of ['gone', 'flapping', 'patient', 'waiting']) {
      await handle().executeUpdate('removeOutput', { args: [name] });
    }
    await until(
      async () => (await capture.status()).branches.length === HEALTHY.length,
      30_000,
      'their ends',
    );
    await cluster.untilState(capture.id, 'running');
  }, 150_000);

  it('goes on waiting for a host that is away without telling of it again', async () => {
    await device.end('SIGKILL');
    await until(
      async () => (await capture.status()).branches.every(({ state }) => state === 'waiting_host'),
      60_000,
      'every branch to wait for the host',
    );
    const { incidentCount } = await capture.status();
    await untilContinuedAsNew();
    expect((await cluster.untilState(capture.id, 'waiting_host')).incidentCount).toBe(incidentCount);
    device = await cluster.startWorker('device');
    await capture.untilAllRun();
    expect((await capture.status()).incidentCount).toBe(incidentCount);
    await until(
      async () => (await capture.told()).some((line) => line.includes('is back')),
      10_000,
      'the news',
    );
    const ofHost = (await capture.told()).filter((line) => line.includes('Host'));
    expect(ofHost).toEqual([
      'warning ingest: Host studio-1 does not answer, waiting...',
      'info ingest: Host studio-1 is back',
    ]);
  }, 150_000);

  it('has lost no picture and has one process for each branch', async () => {
    expect(await processesOfAll()).toEqual(pids);
    expect(Object.values(pids).map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(runsOf(await capture.status())).toEqual(RUN_ONE);
    await handle().signal('pause');
    await cluster.untilState(capture.id, 'paused');
    for (const output of OUTPUTS) {
      const { count, missing, doubled } = await capture.delivered(output);
      expect({ output, missing, doubled }).toEqual({ output, missing: [], doubled: 0 });
      expect(count).toBeGreaterThan(25 * 60);
    }
    expect((await cluster.manifest(capture.id, 'tape')).filter(({ type }) => type === 'gap')).toEqual([]);
  }, 120_000);

  it('stays paused until somebody says resume', async () => {
    await untilContinuedAsNew();
    const { branches } = await cluster.untilState(capture.id, 'paused');
    expect(branches.map(({ state }) => state)).toEqual(['paused', 'paused', 'paused', 'paused']);
    expect(await capture.processes()).toEqual([]);
    await handle().signal('resume');
    expect(runsOf(await capture.untilAllRun())).toEqual({ ingest: 2, live: 2, srt: 2, tape: 2 });
    await handle().signal('stop');
    expect(await handle().result()).toMatchObject({ state: 'stopped', runs: { ingest: 2 } });
    expect(await capture.processes()).toEqual([]);
  }, 120_000);
});
