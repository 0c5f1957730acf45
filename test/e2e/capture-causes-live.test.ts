// Goal: a capture that was healthy and then fails is answered as the table of causes says, its recording tells the hole and its cause,
// and a budget starts afresh after healthy running. Method: processes killed and stopped, inputs that end, a device read by two.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { projectRoot } from '../../activities/custody/project-root.js';
import { courseOf, failureOf, statesOf, toldOf, untilTold } from '../support/capture-course.js';
import { Cluster, processesOf, until } from '../support/cluster.js';

const PROGRAMS = join(projectRoot(), 'test/fixtures/capture-programs');
const LOST = 'info: Connection lost, retrying...';
const BACK = 'success: Reconnected successfully';
const TIMEOUT_MS = 60_000;

let cluster: Cluster;
let camera: string;

const picture = (more = '') => ({
  kind: 'ffmpeg',
  args: ['-re', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25${more}`],
});
const FEW_BITS = { bitrate: '500k', options: { preset: 'ultrafast' } };

beforeAll(async () => {
  const PATH = [PROGRAMS, process.env['PATH']].join(delimiter);
  cluster = await Cluster.start({ environment: { PATH } });
  camera = join(cluster.folder, 'scenes/camera');
  await mkdir(join(cluster.folder, 'scenes'));
  await writeFile(camera, '');
  await cluster.startWorker();
}, 120_000);

afterAll(async () => {
  await cluster.close();
}, 60_000);

async function start(id: string, entry: object): Promise<WorkflowHandle> {
  return await cluster.startCapture({ id, encode: FEW_BITS, ...entry });
}

async function untilAllRun(id: string): Promise<void> {
  const isRunning = async () => (await cluster.status(id)).branches.every(({ state }) => state === 'running');
  await until(async () => isRunning().catch(() => false), 60_000, `every branch of ${id} to run`);
}

/** Sends a signal to the encoder or reader of a branch. */
async function signalTool(id: string, branch: string, signal: NodeJS.Signals): Promise<void> {
  const pids = await processesOf(cluster.dataDir, new RegExp(`^\\S*ffmpeg [^]*${id}(?:%2F|/)${branch}\\b`));
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, signal);
}

/** Causes of the gaps of the recording `tape`, once there is one. */
async function untilGaps(id: string): Promise<(string | undefined)[]> {
  const gaps = async () => (await cluster.manifest(id, 'tape')).filter(({ type }) => type === 'gap');
  await until(async () => (await gaps()).length > 0, 30_000, `a gap of ${id}`);
  return (await gaps()).map(({ cause }) => cause);
}

const TAPE = { name: 'tape', kind: 'record', segment: '2s' };

describe('a healthy capture', () => {
  it.each([
    { id: 'killed', signal: 'SIGKILL', cause: 'crashed', detail: /killed by SIGKILL/ },
    { id: 'frozen', signal: 'SIGSTOP', cause: 'stream_timeout', detail: /no progress for \d+ s/ },
  ] as const)(
    'whose ingest is $id goes on after 5 s, with outputs that were never restarted',
    async ({ id, signal, cause, detail }) => {
      const handle = await start(id, { input: picture(), stall_timeout: '3s', outputs: [TAPE] });
      await untilAllRun(`capture/${id}`);
      await signalTool(id, 'ingest', signal);
      expect(await untilTold(cluster, `capture/${id}`, 'ingest', 2)).toEqual([LOST, BACK]);
      const course = await courseOf(cluster, `capture/${id}`, 'ingest', detail);
      expect(course.pauses).toEqual([5]);
      expect(course.incidents).toMatchObject([{ cause, action: 'retry 1/3 in 5 s' }]);
      expect(await untilGaps(`capture/${id}`)).toEqual([cause]);
      const { branches } = await cluster.status(`capture/${id}`);
      expect(branches).toMatchObject([
        { name: 'ingest', state: 'running', run: 2, attempt: 0 },
        { name: 'tape', state: 'running', run: 1 },
      ]);
      await handle.signal('stop');
      await handle.result();
      const states = ['starting', 'running', 'retrying', 'running', 'stopping', 'stopped'];
      expect(await statesOf(handle)).toEqual(states);
      expect(await toldOf(cluster, `capture/${id}`, 'tape')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'whose recording is killed tells the hole of that recording alone',
    async () => {
      const url = `file://${cluster.folder}/neighbour.ts`;
      const outputs = [TAPE, { name: 'file', kind: 'push', url }];
      const handle = await start('tape-killed', { input: picture(), outputs });
      await untilAllRun('capture/tape-killed');
      await signalTool('tape-killed', 'tape', 'SIGKILL');
      expect(await untilTold(cluster, 'capture/tape-killed', 'tape', 2)).toEqual([LOST, BACK]);
      const course = await courseOf(cluster, 'capture/tape-killed', 'tape', /killed by SIGKILL/);
      expect(course.pauses).toEqual([5]);
      expect(await untilGaps('capture/tape-killed')).toEqual(['crashed']);
      await handle.signal('stop');
      expect(await handle.result()).toMatchObject({ runs: { ingest: 1, tape: 2, file: 1 } });
      const states = ['starting', 'running', 'degraded', 'running', 'stopping', 'stopped'];
      expect(await statesOf(handle)).toEqual(states);
    },
    TIMEOUT_MS,
  );
});

describe('a device', () => {
  const input = () => ({ kind: 'v4l2', device: camera });

  it(
    'that another capture reads is tried again twice, 5 s apart',
    async () => {
      const first = await start('first', { input: input() });
      await cluster.untilState('capture/first', 'running');
      const second = await start('second', { input: input() });
      expect(await failureOf(second)).toEqual({
        type: 'encoder_hiccup',
        message: 'device busy: held by capture/first/ingest/1',
      });
      const course = await courseOf(cluster, 'capture/second', 'ingest', /held by capture\/first/);
      expect(course.pauses).toEqual([5, 5]);
      expect(course.told).toEqual([LOST, 'error: Failed after 2 attempts']);
      expect(await cluster.status('capture/first')).toMatchObject({ state: 'running', incidentCount: 0 });
      await first.signal('stop');
      await first.result();
    },
    TIMEOUT_MS,
  );
});

describe('a budget of retries', () => {
  const recovery = { max_retries: 1, retry_delay: '500ms', reset_after: '3s' };

  it(
    'starts afresh after healthy running, and only then',
    async () => {
      const healthy = await start('healthy', { input: picture(':duration=5'), recovery });
      const sickly = await start('sickly', { input: picture(':duration=1'), recovery });
      expect(await failureOf(sickly)).toMatchObject({ type: 'network_disconnect' });
      expect((await toldOf(cluster, 'capture/sickly', 'ingest')).at(-1)).toBe(
        'error: Failed after 1 attempt',
      );
      await until(
        async () => (await cluster.status('capture/healthy')).incidentCount >= 3,
        TIMEOUT_MS,
        'three losses',
      );
      const { incidents } = await cluster.status('capture/healthy');
      expect(new Set(incidents.map(({ action }) => action))).toEqual(new Set(['retry 1/1 in 0.5 s']));
      expect((await untilTold(cluster, 'capture/healthy', 'ingest', 5)).slice(0, 5)).toEqual([
        LOST,
        BACK,
        LOST,
        BACK,
        LOST,
      ]);
      await healthy.signal('stop');
      await healthy.result();
    },
    TIMEOUT_MS,
  );
});
