// Goal: a host that does not answer is waited for, it is not a loss: the recording goes on without its worker, and whatever
// was asked for meanwhile is done as soon as it is back. Method: the worker of the device is killed, the other one lives on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notification } from '../../core/notifications.js';
import { Cluster, processesOf, until, type WorkerProcess } from '../support/cluster.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../support/live-source/index.js';

const NAMES = ['kept', 'resting', 'ended'] as const;
/** Heartbeat timeout, the next attempt and the time it may wait for a worker, many times over. */
const WAITING_TIMEOUT_MS = 45_000;

let cluster: Cluster;
let source: LiveSource;
let device: WorkerProcess;
let pidsBefore: number[];

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  [, device] = await Promise.all([cluster.startWorker('orchestrator,fetch'), cluster.startWorker('device')]);
  await Promise.all(
    NAMES.map(async (id) => {
      await cluster.startStream({
        id,
        resolver: { kind: 'direct', url: source.urls.ts },
        heartbeat_timeout: '2s',
        record: { segment: '5s' },
      });
      await cluster.untilState(`stream/${id}`, 'running');
    }),
  );
  pidsBefore = await ffmpegOf('kept');
  await device.end('SIGKILL');
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

const handleOf = (name: string) => cluster.client.workflow.getHandle(`stream/${name}`);

async function ffmpegOf(name: string): Promise<number[]> {
  return await processesOf(cluster.dataDir, new RegExp(`^\\S*ffmpeg .*\\n[^]*/${name}/`));
}

async function expectNothingLeft(name: string): Promise<void> {
  await until(
    async () =>
      (await processesOf(cluster.dataDir, new RegExp(`^\\S*(ffmpeg|node) .*\\n[^]*/${name}/`))).length === 0,
    20_000,
    `the processes of ${name} to end`,
  );
}

async function notificationsOf(name: string): Promise<Notification[]> {
  return (await cluster.notifications()).filter(({ instance }) => instance === `stream/${name}`);
}

describe('a host whose worker is gone', () => {
  it('is waited for, while the recording goes on', async () => {
    expect(pidsBefore).toHaveLength(1);
    for (const name of NAMES) {
      const status = await cluster.untilState(`stream/${name}`, 'waiting_host', WAITING_TIMEOUT_MS);
      expect(status.detail).toContain(cluster.host);
      expect(status.incidents[0]).toMatchObject({ cause: 'host_unavailable' });
      expect(await ffmpegOf(name)).toHaveLength(1);
    }
    await until(
      async () => (await notificationsOf('kept')).length > 0,
      10_000,
      'the notification about the host',
    );
    expect(await notificationsOf('kept')).toMatchObject([
      { event: 'waiting_host', level: 'warning', cause: 'host_unavailable' },
    ]);
  }, 90_000);

  it('takes pause and stop for when it is back', async () => {
    await handleOf('resting').signal('pause');
    await handleOf('ended').signal('stop');
    for (const name of ['resting', 'ended']) {
      const { detail } = await cluster.untilState(`stream/${name}`, 'stopping');
      expect(detail).toMatch(/host is back/);
      expect((await handleOf(name).describe()).status.name).toBe('RUNNING');
      expect(await ffmpegOf(name)).toHaveLength(1);
    }
    expect((await cluster.status('stream/kept')).state).toBe('waiting_host');
  }, 60_000);

  it('goes on with the same process when it is back', async () => {
    device = await cluster.startWorker('device');
    await cluster.untilState('stream/kept', 'running', WAITING_TIMEOUT_MS);
    await until(async () => (await notificationsOf('kept')).length > 1, 10_000, 'the second notification');
    expect((await cluster.status('stream/kept')).branches[0]).toMatchObject({ run: 1, state: 'running' });
    expect(await ffmpegOf('kept')).toEqual(pidsBefore);
  }, 90_000);

  it('then pauses what was to be paused and stops what was to be stopped', async () => {
    await cluster.untilState('stream/resting', 'paused', WAITING_TIMEOUT_MS);
    await expectNothingLeft('resting');
    expect(await handleOf('ended').result()).toMatchObject({
      state: 'stopped',
      reason: 'stop requested',
      runs: 1,
    });
    await expectNothingLeft('ended');
    await handleOf('resting').signal('stop');
    expect(await handleOf('resting').result()).toMatchObject({ reason: 'stop requested', runs: 1 });
  }, 90_000);

  it('has cost no frame, and was told of once', async () => {
    await handleOf('kept').signal('stop');
    expect(await handleOf('kept').result()).toMatchObject({ state: 'stopped', runs: 1, incidents: 1 });
    const files = await cluster.mediaFiles('stream/kept');
    const numbers = (await Promise.all(files.map(readFrameNumbers))).flat();
    expect(missingFrames(numbers)).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
    // The host was away for longer than the 10 s after which a task counts as not taken.
    expect(numbers.length).toBeGreaterThan(25 * 10);
    expect((await cluster.manifest('stream/kept')).filter(({ type }) => type === 'gap')).toEqual([]);
    const told = (await notificationsOf('kept')).map(({ event, message }) => ({ event, message }));
    expect(told).toEqual([
      { event: 'waiting_host', message: `Host ${cluster.host} does not answer, waiting...` },
      { event: 'host_back', message: `Host ${cluster.host} is back` },
    ]);
  }, 60_000);
});
