// Goal: a capture that waits for its signal goes on waiting, and comes back, whatever happens to the worker and the server
// meanwhile. Method: SIGKILL of real processes in that state.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, until, type WorkerProcess } from '../support/cluster.js';
import { SIGNAL_BACK, SIGNAL_LOST, SignalledCapture } from '../support/signalled-capture.js';

/** From the word of the driver until it runs again, 3 s of debounce included. */
const BACK_WITHIN_MS = 5_000;

let cluster: Cluster;
let worker: WorkerProcess;

beforeAll(async () => {
  cluster = await Cluster.start();
  worker = await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
}, 60_000);

async function startWaiting(name: string): Promise<SignalledCapture> {
  const capture = await SignalledCapture.start(cluster, name);
  await capture.untilAllRun();
  await capture.setSignal('no-link');
  await capture.untilState('waiting_signal');
  await capture.untilNoProcess(10_000);
  expect(await capture.untilTold(1)).toEqual([SIGNAL_LOST]);
  return capture;
}

async function replaceWorker(): Promise<void> {
  await worker.end('SIGKILL');
  worker = await cluster.startWorker();
}

async function expectBack(capture: SignalledCapture): Promise<void> {
  await capture.setSignal('locked');
  await capture.untilState('running', BACK_WITHIN_MS);
  const { retries, incidentCount } = await capture.untilAllRun();
  expect({ retries, incidentCount }).toEqual({ retries: 0, incidentCount: 1 });
  expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
  await capture.stop();
}

describe('a capture that waits for its signal', () => {
  it('waits on after SIGKILL of its worker and is back within 5 s of the signal', async () => {
    const capture = await startWaiting('killed');
    const before = await cluster.status(capture.id);
    await replaceWorker();
    expect(await cluster.status(capture.id)).toMatchObject({
      state: 'waiting_signal',
      since: before.since,
      detail: before.detail,
    });
    expect(await capture.processes()).toEqual([]);
    await expectBack(capture);
  }, 90_000);

  it('waits on after SIGKILL of the server and is back within 5 s of the signal', async () => {
    const capture = await startWaiting('served');
    const before = await cluster.status(capture.id);
    process.kill(cluster.server.server.pid(), 'SIGKILL');
    await until(
      async () => (await cluster.status(capture.id).catch(() => undefined))?.since === before.since,
      60_000,
      'the server to know of the capture again',
    );
    expect(await cluster.status(capture.id)).toMatchObject({
      state: 'waiting_signal',
      detail: before.detail,
    });
    expect(await capture.processes()).toEqual([]);
    await expectBack(capture);
  }, 120_000);

  it('sees a return that came while neither worker nor server was there', async () => {
    const capture = await startWaiting('dark');
    await worker.end('SIGKILL');
    process.kill(cluster.server.server.pid(), 'SIGKILL');
    await capture.setSignal('locked');
    await sleep(2_000);
    worker = await cluster.startWorker();
    await capture.untilAllRun();
    expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    await capture.stop();
  }, 120_000);
});

describe('a capture that runs', () => {
  it('is stopped for a loss that came while its worker was not there', async () => {
    const capture = await SignalledCapture.start(cluster, 'unseen');
    const before = await capture.untilAllRun();
    await worker.end('SIGKILL');
    await capture.setSignal('no-link');
    worker = await cluster.startWorker();
    const status = await capture.untilState('waiting_signal', 30_000);
    expect(status.branches.map(({ run }) => run)).toEqual(before.branches.map(({ run }) => run));
    await capture.untilNoProcess(10_000);
    expect(await capture.untilTold(1)).toEqual([SIGNAL_LOST]);
    await capture.stop();
  }, 120_000);
});
