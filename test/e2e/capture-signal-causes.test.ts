// Goal: when a run ends, what the probe says decides whether the signal is waited for. Method: programs that die, and a device
// that vanishes: a file that stands for it, with programs that speak like ffmpeg and v4l2-ctl of such a device.
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { Cluster, until } from '../support/cluster.js';
import { SIGNAL_BACK, SIGNAL_LOST, SignalledCapture } from '../support/signalled-capture.js';

/** Longer than any test lasts: only the end of a run can have told of the loss. */
const NEVER = '60s';
const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const PROGRAMS = [join(fixtures, 'fake-v4l2'), join(fixtures, 'probes'), process.env['PATH'] ?? ''];

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start({ environment: { PATH: PROGRAMS.join(delimiter) } });
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
}, 60_000);

/** A capture from a device, whose receiver is asked through another one. */
async function startFromDevice(
  name: string,
): Promise<{ capture: SignalledCapture; device: string; receiver: string }> {
  const [device, receiver] = [join(cluster.folder, `video-${name}`), join(cluster.folder, `subdev-${name}`)];
  await Promise.all([writeFile(device, ''), writeFile(receiver, 'locked\n')]);
  const capture = await SignalledCapture.start(cluster, name, {
    input: { kind: 'v4l2', device, size: '640x360', rate: 25 },
    probe: { kind: 'v4l2', device: receiver, debounce: NEVER },
  });
  await capture.untilAllRun();
  return { capture, device, receiver };
}

describe('an ingest that dies', () => {
  it('has lost its signal when the probe says so: no retry is spent, and the outputs end too', async () => {
    const capture = await SignalledCapture.start(cluster, 'dying', { probe: { debounce: NEVER } });
    await capture.untilAllRun();
    await capture.setSignal('no-link');
    for (const pid of await capture.processes('ingest')) process.kill(pid, 'SIGKILL');
    const status = await capture.untilState('waiting_signal');
    await capture.untilNoProcess(3_000);
    expect(status).toMatchObject({ retries: 0, incidents: [{ branch: 'ingest', cause: 'signal_lost' }] });
    expect(await capture.untilTold(1)).toEqual([SIGNAL_LOST]);
    await capture.setSignal('locked');
    await capture.untilAllRun();
    expect(await capture.told()).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    await capture.stop();
  }, 60_000);
});

describe('a device that vanishes', () => {
  it('is waited for when its receiver has no signal', async () => {
    const { capture, device, receiver } = await startFromDevice('unplugged');
    await writeFile(receiver, 'no-link\n');
    await rm(device);
    const status = await capture.untilState('waiting_signal');
    expect(status.incidents).toMatchObject([{ branch: 'ingest', cause: 'signal_lost' }]);
    await capture.untilNoProcess(3_000);
    await writeFile(device, '');
    await writeFile(receiver, 'locked\n');
    await capture.untilAllRun();
    expect(await capture.told()).toEqual([SIGNAL_LOST, SIGNAL_BACK]);
    await capture.stop();
  }, 60_000);

  it('is fatal when its receiver has a signal', async () => {
    const { capture, device } = await startFromDevice('broken');
    await rm(device);
    const failure = await capture.handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'device_not_found' });
    await capture.untilNoProcess(5_000);
    const status = await cluster.status(capture.id);
    expect(status).toMatchObject({ state: 'error', incidentCount: 1, retries: 0 });
    const told = await capture.untilTold(1);
    expect(told).toEqual([expect.stringMatching(/^error: /)]);
  }, 60_000);

  it('is fatal when nobody can say whether there is a signal', async () => {
    const { capture, device, receiver } = await startFromDevice('mute');
    await writeFile(receiver, 'no-timings\n');
    await rm(device);
    await until(
      async () => (await capture.handle.describe()).status.name === 'FAILED',
      20_000,
      'the capture to fail',
    );
    expect((await cluster.status(capture.id)).incidents).toMatchObject([{ cause: 'device_not_found' }]);
  }, 60_000);
});
