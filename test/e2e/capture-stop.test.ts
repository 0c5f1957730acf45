// Goal: whoever says stop, pause or resume to a capture is obeyed in every state, at once: processes end, segments are finalised, nothing
// is left running; a host that is down does it as soon as it is back. Method: real workers, real encoders, each state for real.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { Cluster, until, type ManifestLine, type WorkerProcess } from '../support/cluster.js';
import { freePort } from '../support/free-port.js';
import { SignalledCapture, type SignalledOptions } from '../support/signalled-capture.js';

/** Soon on a busy machine, and far sooner than any of the waits that it cuts short. */
const AT_ONCE_MS = 20_000;
const TAPE = { name: 'tape', kind: 'record', segment: '2s' };
const STOPPED = { state: 'stopped', reason: 'stop requested' };

let cluster: Cluster;
let device: WorkerProcess;
let terminated: SignalledCapture;

const byName = (left = '', right = '') => left.localeCompare(right);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const handleOf = (capture: SignalledCapture) => cluster.client.workflow.getHandle(capture.id);

async function start(name: string, more: SignalledOptions = {}): Promise<SignalledCapture> {
  const file = { name: 'file', kind: 'push', url: `file://${cluster.folder}/${name}.ts` };
  return await SignalledCapture.start(cluster, name, {
    outputs: [TAPE, file],
    heartbeat_timeout: '3s',
    ...more,
  });
}

/** Every file of the recording has its line in the manifest, with pictures in it; a busy host may take a moment longer than the stop. */
async function untilFinalised(capture: SignalledCapture): Promise<void> {
  const folder = cluster.recordingFolder(capture.id, 'tape');
  let files: string[] = [];
  let lines: ManifestLine[] = [];
  await until(
    async () => {
      files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
      lines = (await cluster.manifest(capture.id, 'tape')).filter(({ type }) => type === 'segment');
      return (
        JSON.stringify(lines.map(({ file }) => file).toSorted(byName)) ===
        JSON.stringify(files.toSorted(byName))
      );
    },
    AT_ONCE_MS,
    () => `the segments to be finalised: ${files.join(', ')}; in the manifest: ${lines.length}`,
  );
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every(({ frames, bytes }) => (frames ?? 0) > 0 && (bytes ?? 0) > 0)).toBe(true);
}

async function untilAllAre(capture: SignalledCapture, wanted: string): Promise<void> {
  let states: string[] = [];
  await until(
    async () => {
      states = (await cluster.status(capture.id)).branches.map(({ state }) => state);
      return states.every((state) => state === wanted);
    },
    AT_ONCE_MS,
    () => `every branch to be ${wanted}; they are ${states.join(', ')}`,
  );
}

beforeAll(async () => {
  cluster = await Cluster.start();
  [, device] = await Promise.all([cluster.startWorker('orchestrator,fetch'), cluster.startWorker('device')]);
  // Looked at last: custody makes sure for a while that the workflow is gone.
  terminated = await start('terminated');
  await terminated.untilAllRun();
  await handleOf(terminated).terminate();
}, 120_000);

afterAll(() => cluster.close(), 60_000);

describe('a capture that runs', () => {
  it('is paused, goes on and stops, and its segments are finalised each time', async () => {
    const capture = await start('running');
    await capture.untilAllRun();
    await sleep(3_000);
    await handleOf(capture).signal('pause');
    await untilAllAre(capture, 'paused');
    expect((await cluster.status(capture.id)).state).toBe('paused');
    await capture.untilNoProcess(AT_ONCE_MS);
    await untilFinalised(capture);
    await handleOf(capture).signal('resume');
    expect((await capture.untilAllRun()).branches.map(({ run }) => run)).toEqual([2, 2, 2]);
    await sleep(3_000);
    expect(await capture.stop()).toMatchObject({
      ...STOPPED,
      incidents: 0,
      runs: { ingest: 2, tape: 2, file: 2 },
    });
    await capture.untilNoProcess(AT_ONCE_MS);
    await untilFinalised(capture);
    expect(await capture.told()).toEqual([]);
  }, 120_000);

  it('ends orderly when it is cancelled', async () => {
    const capture = await start('cancelled');
    await capture.untilAllRun();
    await sleep(2_000);
    // What messages have begun has to end as orderly as everything else.
    const added = { name: 'added', kind: 'push', url: `file://${cluster.folder}/added.ts` };
    await handleOf(capture).executeUpdate('addOutput', { args: [added] });
    await capture.untilAllRun();
    // The probe agrees with the last of them: otherwise the signal would count as back after 3 s.
    await capture.setSignal('no-link');
    for (const message of ['hdmiLost', 'hdmiRestored', 'hdmiLost']) await handleOf(capture).signal(message);
    await capture.untilState('waiting_signal', AT_ONCE_MS);
    await handleOf(capture).cancel();
    expect(await handleOf(capture).result()).toMatchObject(STOPPED);
    await capture.untilNoProcess(AT_ONCE_MS);
    await untilFinalised(capture);
  }, 90_000);
});

describe('a capture that has not begun to deliver', () => {
  it('is paused and stopped while it starts', async () => {
    // ffmpeg waits at this address, for ever and without a word.
    const silent = { kind: 'ffmpeg', args: ['-f', 'mpegts', '-i', `udp://127.0.0.1:${await freePort()}`] };
    const capture = await start('silent', { input: silent, stall_timeout: '10m' });
    await until(async () => (await capture.processes('ingest')).length > 0, 30_000, 'the ingest');
    expect((await cluster.status(capture.id)).state).toBe('starting');
    await handleOf(capture).signal('pause');
    await capture.untilState('paused', AT_ONCE_MS);
    await capture.untilNoProcess(AT_ONCE_MS);
    await handleOf(capture).signal('resume');
    await capture.untilState('starting', AT_ONCE_MS);
    expect(await capture.stop()).toMatchObject(STOPPED);
    await capture.untilNoProcess(AT_ONCE_MS);
  }, 120_000);

  it('is paused and stopped while it waits to try again, and resume tries at once', async () => {
    const refused = { kind: 'ffmpeg', args: ['-i', `http://127.0.0.1:${await freePort()}/live.ts`] };
    const capture = await start('refused', { input: refused, recovery: { retry_delay: '10m' } });
    await capture.untilState('retrying');
    await handleOf(capture).signal('pause');
    await capture.untilState('paused', AT_ONCE_MS);
    await capture.untilNoProcess(AT_ONCE_MS);
    await handleOf(capture).signal('resume');
    const { branches } = await capture.untilState('retrying', AT_ONCE_MS);
    expect(branches[0]).toMatchObject({ name: 'ingest' });
    await until(
      async () => (await cluster.status(capture.id)).branches[0]?.run === 2,
      AT_ONCE_MS,
      'a second run',
    );
    expect(await capture.stop()).toMatchObject(STOPPED);
    await capture.untilNoProcess(AT_ONCE_MS);
  }, 120_000);

  it('is paused and stopped while it waits for its signal', async () => {
    const capture = await start('unplugged');
    await capture.untilAllRun();
    await capture.setSignal('no-link');
    await capture.untilState('waiting_signal');
    await capture.untilNoProcess(AT_ONCE_MS);
    await handleOf(capture).signal('pause');
    await capture.untilState('paused', AT_ONCE_MS);
    await handleOf(capture).signal('resume');
    await capture.untilState('waiting_signal', AT_ONCE_MS);
    expect(await capture.stop()).toMatchObject(STOPPED);
    await capture.untilNoProcess(AT_ONCE_MS);
    await untilFinalised(capture);
  }, 120_000);
});

describe('a capture whose host is away', () => {
  it('is stopped and paused as soon as the host is back', async () => {
    const [ended, resting] = await Promise.all([start('ended'), start('resting')]);
    await Promise.all([ended.untilAllRun(), resting.untilAllRun()]);
    await sleep(2_000);
    await device.end('SIGKILL');
    await Promise.all([ended.untilState('waiting_host', 60_000), resting.untilState('waiting_host', 60_000)]);
    await handleOf(ended).signal('stop');
    await handleOf(resting).signal('pause');
    for (const capture of [ended, resting]) {
      expect((await capture.untilState('stopping', AT_ONCE_MS)).detail).toMatch(/host is back/);
      expect((await capture.processes()).length).toBeGreaterThan(0);
    }
    device = await cluster.startWorker('device');
    expect(await handleOf(ended).result()).toMatchObject({
      ...STOPPED,
      runs: { ingest: 1, tape: 1, file: 1 },
    });
    await resting.untilState('paused', AT_ONCE_MS);
    for (const capture of [ended, resting]) {
      await capture.untilNoProcess(AT_ONCE_MS);
      await untilFinalised(capture);
    }
    await resting.stop();
  }, 150_000);
});

describe('a capture that was terminated', () => {
  it('leaves nothing behind: its host ends every process', async () => {
    await expect(handleOf(terminated).result()).rejects.toBeInstanceOf(WorkflowFailedError);
    await terminated.untilNoProcess(90_000);
    await untilFinalised(terminated);
  }, 120_000);
});
