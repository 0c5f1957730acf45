// Goal: a capture without a signal runs nothing, says so once, and goes on by itself or when it is told to. Method: the word in a
// file that stands for the driver's is changed; processes, states, history, manifest and notifications are read.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { Cluster, until } from '../support/cluster.js';
import { SIGNAL_BACK, SIGNAL_LOST, SignalledCapture } from '../support/signalled-capture.js';
import { temporalPath } from '../support/temporal.js';

/** From the word of the driver until nothing runs any more, 2 s of debounce included. */
const STOPPED_WITHIN_MS = 3_000;
/** From the word of the driver until it runs again, 3 s of debounce included. */
const BACK_WITHIN_MS = 5_000;
/** Longer than any test lasts: only something else than the probe can have made the change. */
const NEVER = { debounce: '60s', stable: '60s' };

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
}, 60_000);

/** As a person would send it who only has the Temporal CLI. */
async function signalByTemporal(id: string, name: string): Promise<void> {
  const address = ['--address', cluster.server.address, '--namespace', cluster.server.namespace];
  await execa(temporalPath(), ['workflow', 'signal', '--workflow-id', id, '--name', name, ...address]);
}

async function loseByProbe(capture: SignalledCapture): Promise<void> {
  await capture.setSignal('no-link');
  await capture.untilState('waiting_signal');
  await capture.untilNoProcess(10_000);
}

describe('a lost signal', () => {
  let capture: SignalledCapture;
  let lostAtMs: number;

  it('ends every process within 3 s, costs no retry and is told of once', async () => {
    const outputs = [
      { name: 'tape', kind: 'record', segment: '4s' },
      { name: 'file', kind: 'push', url: `file://${cluster.folder}/lost.ts` },
    ];
    capture = await SignalledCapture.start(cluster, 'lost', { outputs });
    await capture.untilAllRun();
    expect((await capture.processes('ingest')).length).toBeGreaterThan(0);
    await capture.setSignal('no-link');
    lostAtMs = Date.now();
    await capture.untilNoProcess(STOPPED_WITHIN_MS);
    const status = await capture.untilState('waiting_signal', 5_000);
    expect(status.detail).toMatch(/^waiting for the HDMI signal, .*says "no-link"/);
    await until(
      async () =>
        (await cluster.status(capture.id)).branches.every(({ state }) => state === 'waiting_signal'),
      5_000,
      'every branch to wait',
    );
    const { branches, retries, incidents } = await cluster.status(capture.id);
    expect(branches.map(({ name }) => name)).toEqual(['ingest', 'tape', 'file']);
    for (const { detail } of branches.slice(1)) expect(detail).toMatch(/^idle: no HDMI signal, /);
    expect(branches.map(({ run, attempt }) => [run, attempt])).toEqual([1, 1, 1].map((run) => [run, 0]));
    expect(retries).toBe(0);
    expect(incidents).toMatchObject([{ branch: 'ingest', cause: 'signal_lost' }]);
    expect(await capture.untilTold(1)).toEqual([SIGNAL_LOST]);
    const lines = await cluster.manifest(capture.id, 'tape');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.map(({ type }) => type)).toEqual(lines.map(() => 'segment'));
    const recorded = new Set(lines.map(({ file }) => file));
    const files = await cluster.mediaFiles(capture.id, 'tape');
    expect(recorded).toEqual(new Set(files.map((path) => path.split('/').at(-1))));
  }, 90_000);

  it('is back within 5 s of its return, which is told of once, and leaves a gap with its name', async () => {
    await capture.setSignal('locked');
    const backAtMs = Date.now();
    await capture.untilState('running', BACK_WITHIN_MS);
    const { branches } = await capture.untilAllRun();
    expect(branches.map(({ run }) => run)).toEqual([2, 2, 2]);
    expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    expect(await capture.stop()).toMatchObject({ state: 'stopped', incidents: 1 });
    expect(await capture.told()).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    const gaps = (await cluster.manifest(capture.id, 'tape')).filter(({ type }) => type === 'gap');
    expect(gaps).toMatchObject([{ cause: 'signal_lost', evidence: expect.stringContaining('no-link') }]);
    const [from, to] = [gaps[0]?.from, gaps[0]?.to].map((at) => Date.parse(at ?? ''));
    expect(from).toBeGreaterThan(lostAtMs);
    expect(from).toBeLessThan(lostAtMs + STOPPED_WITHIN_MS);
    expect(to).toBeGreaterThan(backAtMs);
  }, 60_000);
});

describe('without restart_on_signal', () => {
  it('a returned signal waits for `resume`, and a `resume` before the return is remembered', async () => {
    const capture = await SignalledCapture.start(cluster, 'patient', {
      recovery: { restart_on_signal: false },
    });
    await capture.untilAllRun();
    await loseByProbe(capture);
    await capture.setSignal('locked');
    expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    const status = await cluster.status(capture.id);
    expect(status).toMatchObject({ state: 'waiting_signal', detail: expect.stringContaining('resume') });
    expect(await capture.processes()).toEqual([]);
    expect(await cluster.cli('resume', capture.id)).toMatchObject({ exitCode: 0 });
    await capture.untilAllRun();

    await loseByProbe(capture);
    expect(await cluster.cli('resume', capture.id)).toMatchObject({ exitCode: 0 });
    expect(await capture.processes()).toEqual([]);
    expect(await cluster.status(capture.id)).toMatchObject({ state: 'waiting_signal' });
    await capture.setSignal('locked');
    await capture.untilState('running');
    expect((await cluster.status(capture.id)).retries).toBe(0);
    await capture.stop();
  }, 90_000);
});

describe('hdmiLost and hdmiRestored', () => {
  it('take effect at once when `temporal workflow signal` sends them, whatever the probe still says', async () => {
    const capture = await SignalledCapture.start(cluster, 'told', { probe: NEVER });
    await capture.untilAllRun();
    await signalByTemporal(capture.id, 'hdmiLost');
    await capture.untilNoProcess(STOPPED_WITHIN_MS);
    expect(await capture.untilState('waiting_signal')).toMatchObject({ incidentCount: 1, retries: 0 });
    await signalByTemporal(capture.id, 'hdmiRestored');
    await capture.untilState('running', BACK_WITHIN_MS);
    expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    await capture.stop();
  }, 60_000);

  it('are what `holdfast signal` sends, also to a capture without a probe', async () => {
    const capture = await SignalledCapture.start(cluster, 'blind', { probe: { kind: 'none' } });
    await capture.untilAllRun();
    expect(await cluster.cli('signal', 'blind', 'hdmiLost')).toMatchObject({ exitCode: 0 });
    await capture.untilState('waiting_signal');
    await capture.untilNoProcess(10_000);
    expect(await cluster.cli('signal', 'blind', 'hdmiRestored')).toMatchObject({ exitCode: 0 });
    await capture.untilAllRun();
    expect(await capture.told()).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    await capture.stop();
  }, 60_000);
});

describe('a capture that waits for its signal', () => {
  it('can be paused, is not started by the return then, and ends at once when it is stopped', async () => {
    const capture = await SignalledCapture.start(cluster, 'obedient');
    await capture.untilAllRun();
    await loseByProbe(capture);
    expect(await cluster.cli('pause', capture.id)).toMatchObject({ exitCode: 0 });
    await capture.untilState('paused', 5_000);
    await capture.setSignal('locked');
    await signalByTemporal(capture.id, 'hdmiRestored');
    expect(await capture.untilTold(2)).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    expect(await cluster.status(capture.id)).toMatchObject({ state: 'paused' });
    expect(await cluster.cli('resume', capture.id)).toMatchObject({ exitCode: 0 });
    await capture.untilAllRun();
    await loseByProbe(capture);
    expect(await capture.stop()).toMatchObject({ state: 'stopped', reason: 'stop requested' });
  }, 90_000);
});
