// Goal: losing the worker or the Temporal server costs no frame. Method: SIGKILL and SIGTERM of real processes while a
// recording runs; the frames carry their number in the picture, so every missing or doubled one is seen.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster, processesOf, until, type WorkerProcess } from '../support/cluster.js';
import {
  missingFrames,
  readFrameNumbers,
  startLiveSource,
  type LiveSource,
} from '../support/live-source/index.js';

const HEARTBEAT_TIMEOUT_MS = 12_000;

let cluster: Cluster;
let source: LiveSource;
let worker: WorkerProcess;

beforeAll(async () => {
  [cluster, source] = await Promise.all([Cluster.start(), startLiveSource()]);
  worker = await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
  await source.close();
}, 60_000);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function begin(name: string): Promise<void> {
  await cluster.startStream({
    id: name,
    resolver: { kind: 'direct', url: source.urls.ts },
    heartbeat_timeout: `${HEARTBEAT_TIMEOUT_MS}ms`,
    record: { segment: '10s' },
  });
  await cluster.untilState(`stream/${name}`, 'running');
  await sleep(1_000);
}

async function ffmpegOf(name: string): Promise<number[]> {
  return await processesOf(cluster.dataDir, new RegExp(`^\\S*ffmpeg .*\\n[^]*/${name}/`));
}

async function attemptOf(name: string): Promise<number | undefined> {
  const { raw } = await cluster.client.workflow.getHandle(`stream/${name}`).describe();
  return (
    raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'startRun')?.attempt ?? undefined
  );
}

/** Stops the stream and returns the numbers of the frames in its files, in order. */
async function finish(name: string): Promise<number[]> {
  const handle = cluster.client.workflow.getHandle(`stream/${name}`);
  await handle.signal('stop');
  expect(await handle.result()).toMatchObject({ state: 'stopped' });
  const files = await cluster.mediaFiles(`stream/${name}`);
  return (await Promise.all(files.map(readFrameNumbers))).flat();
}

function expectWhole(numbers: number[]): void {
  expect(missingFrames(numbers)).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
}

describe('losing the worker', () => {
  it('by SIGKILL, once shorter and once longer than the heartbeat timeout, costs no frame', async () => {
    await begin('killed');
    const before = await ffmpegOf('killed');
    expect(before).toHaveLength(1);
    await worker.end('SIGKILL');
    await sleep(1_500);
    worker = await cluster.startWorker();
    await sleep(2_000);
    expect(await attemptOf('killed')).toBe(1);

    await worker.end('SIGKILL');
    await sleep(HEARTBEAT_TIMEOUT_MS * 1.6);
    worker = await cluster.startWorker();
    await cluster.untilState('stream/killed', 'running', 60_000);
    await sleep(2_000);
    expect(await ffmpegOf('killed')).toEqual(before);

    const numbers = await finish('killed');
    expectWhole(numbers);
    expect(numbers.length).toBeGreaterThan(25 * 12);
    const lines = await cluster.manifest('stream/killed');
    expect(lines.filter(({ type }) => type === 'gap')).toEqual([]);
    expect(lines.reduce((sum, { frames }) => sum + (frames ?? 0), 0)).toBe(numbers.length);
  }, 120_000);

  it('by SIGTERM, as in a redeploy, costs neither a frame nor an attempt', async () => {
    await begin('redeployed');
    const before = await ffmpegOf('redeployed');
    const next = await cluster.startWorker();
    await worker.end('SIGTERM');
    worker = next;
    await sleep(3_000);
    expect(await attemptOf('redeployed')).toBe(1);
    expect(await ffmpegOf('redeployed')).toEqual(before);
    expect((await cluster.status('stream/redeployed')).incidentCount).toBe(0);
    expectWhole(await finish('redeployed'));
  }, 90_000);
});

describe('losing the Temporal server', () => {
  it('by SIGKILL costs no frame and no workflow', async () => {
    await begin('served');
    const before = await ffmpegOf('served');
    process.kill(cluster.server.server.pid(), 'SIGKILL');
    await sleep(4_000);
    await cluster.untilState('stream/served', 'running', 60_000);
    await sleep(2_000);
    expect(await ffmpegOf('served')).toEqual(before);
    expectWhole(await finish('served'));
  }, 120_000);
});

describe('losing ffmpeg', () => {
  it('by SIGKILL is the cause `crashed` and is retried', async () => {
    await begin('shot');
    const [pid = 0] = await ffmpegOf('shot');
    process.kill(pid, 'SIGKILL');
    await until(
      async () => (await cluster.status('stream/shot')).incidentCount === 1,
      20_000,
      'the incident',
    );
    expect((await cluster.status('stream/shot')).incidents[0]).toMatchObject({ cause: 'crashed' });
    await cluster.untilState('stream/shot', 'running', 30_000);
    expect((await cluster.status('stream/shot')).branches[0]).toMatchObject({ run: 2 });
    const numbers = await finish('shot');
    const files = await cluster.mediaFiles('stream/shot');
    expect(files.length).toBeGreaterThanOrEqual(2);
    expect(new Set(numbers).size).toBe(numbers.length);
  }, 90_000);
});

describe('silence', () => {
  it('is a stall: no progress for stall_timeout ends the run although the process lives', async () => {
    const stallTimeoutMs = 3_000;
    await cluster.startStream({
      id: 'silent',
      resolver: { kind: 'direct', url: source.urls.ts },
      stall_timeout: `${stallTimeoutMs}ms`,
    });
    await cluster.untilState('stream/silent', 'running');
    await sleep(1_000);
    const silentFrom = Date.now();
    const silence = source.silence(6_000);
    await until(async () => (await cluster.status('stream/silent')).incidentCount > 0, 20_000, 'the stall');
    const [incident] = (await cluster.status('stream/silent')).incidents;
    expect(incident).toMatchObject({ cause: 'stream_timeout' });
    expect(Date.parse(incident?.at ?? '') - silentFrom).toBeLessThan(stallTimeoutMs + 2_000);
    await silence;
    await cluster.untilState('stream/silent', 'running', 60_000);
    await finish('silent');
  }, 90_000);
});
