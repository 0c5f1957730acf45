// Goal: messages that take each other back disturb nothing, however close together they come: a pause and its resume, a signal that flickers.
// Method: they are sent while no worker runs workflows, so that one workflow task brings them all; real encoders, whose processes are counted.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, processesOf, until, type WorkerProcess } from '../support/cluster.js';
import { startLiveSource, type LiveSource } from '../support/live-source/index.js';
import { SignalledCapture } from '../support/signalled-capture.js';

const STREAM = 'stream/alice';

let cluster: Cluster;
let source: LiveSource;
let capture: SignalledCapture;
let orchestrator: WorkerProcess;
let device: WorkerProcess;
let before: number[];

const all = async () => (await processesOf(cluster.folder, /ffmpeg/)).toSorted((left, right) => left - right);
const handle = (id: string) => cluster.client.workflow.getHandle(id);
const runsOf = async (id: string) => (await cluster.status(id)).branches.map(({ run }) => run);

/** Sends messages of which a workflow learns in one task. */
async function inOneTask(messages: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await orchestrator.end('SIGTERM');
  for (const [id, names] of Object.entries(messages)) {
    for (const name of names) await handle(id).signal(name);
  }
  orchestrator = await cluster.startWorker('orchestrator,fetch');
}

/** Whatever the messages have begun has had the time to show. */
async function expectUndisturbed(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await capture.untilAllRun();
  await cluster.untilState(STREAM, 'running');
  expect([await runsOf(capture.id), await runsOf(STREAM)]).toEqual([[1, 1], [1]]);
  expect(await all()).toEqual(before);
}

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  [orchestrator, device] = await Promise.all([
    cluster.startWorker('orchestrator,fetch'),
    cluster.startWorker('device'),
  ]);
  await cluster.startStream({
    id: 'alice',
    resolver: { kind: 'direct', url: source.urls.ts },
    heartbeat_timeout: '3s',
  });
  capture = await SignalledCapture.start(cluster, 'studio', { heartbeat_timeout: '3s' });
  await Promise.all([capture.untilAllRun(), cluster.untilState(STREAM, 'running', 60_000)]);
  before = await all();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

describe('messages of one workflow task', () => {
  it('leave the runs as they are when the last takes back what the first wanted', async () => {
    await inOneTask({
      [capture.id]: ['pause', 'resume', 'hdmiLost', 'hdmiRestored'],
      [STREAM]: ['pause', 'resume'],
    });
    await expectUndisturbed();
  }, 90_000);

  it('leave a run for which its host is waited for as it is, too', async () => {
    await device.end('SIGKILL');
    for (const id of [capture.id, STREAM]) await cluster.untilState(id, 'waiting_host', 60_000);
    await inOneTask({ [capture.id]: ['pause', 'resume'], [STREAM]: ['pause', 'resume'] });
    device = await cluster.startWorker('device');
    await expectUndisturbed();
  }, 150_000);

  it('end as the last of them wants', async () => {
    await inOneTask({
      [capture.id]: ['hdmiLost', 'hdmiRestored', 'hdmiLost'],
      [STREAM]: ['pause', 'resume', 'pause'],
    });
    // The probe says that there is a signal, so the wait ends by itself after some seconds.
    const { incidents } = await capture.untilState(['waiting_signal', 'starting', 'running']);
    expect(incidents.map(({ cause }) => cause)).toContain('signal_lost');
    await until(async () => (await runsOf(capture.id)).every((run) => run === 2), 60_000, 'new runs');
    await capture.untilAllRun();
    await cluster.untilState(STREAM, 'paused');
    await Promise.all([capture.stop(), handle(STREAM).signal('stop')]);
    expect(await handle(STREAM).result()).toMatchObject({ state: 'stopped', runs: 1 });
    expect(await all()).toEqual([]);
  }, 120_000);
});
