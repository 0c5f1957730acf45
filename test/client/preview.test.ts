/**
 * Goal: whoever asks for a picture of a capture or stream gets one, or hears why there is none, and pictures stay out of the server.
 * Method: a real server, the real workflow and activity over a hub that ffmpeg feeds and over recorded segments, instances that say
 * what the test wants.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTakePreview } from '../../activities/preview/index.js';
import { createHoldfast, type Holdfast } from '../../client/index.js';
import { hubOf } from '../../core/hub.js';
import type { State } from '../../core/states.js';
import { hostTaskQueue, ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { feedHub, freeHub } from '../activities/preview/hub-writer.js';
import { coloured, colourOf, RecordingWriter } from '../activities/preview/recording-writer.js';
import { until } from '../support/cluster.js';
import { cliCommand } from '../support/run-cli.js';
import { startTestServer, type TestServer } from '../support/temporal.js';

const HOST = 'studio-1';
const live = freeHub();

let folder: string;
let server: TestServer;
let connection: Connection;
let native: NativeConnection;
let client: Client;
let holdfast: Holdfast;
let running: { worker: Worker; done: Promise<void> }[] = [];
let feeder: { stop(): Promise<void> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-preview-client-'));
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  server = await startTestServer();
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection, namespace: server.namespace });
  holdfast = createHoldfast({ client });
  native = await NativeConnection.connect({ address: server.address });
  const workflows = new URL('../fixtures/workflows/captures-with-preview.ts', import.meta.url);
  const takePreview = createTakePreview({ dataDir: folder, logger: { debug: () => undefined } });
  const workers = [
    await Worker.create({
      connection: native,
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      workflowsPath: fileURLToPath(workflows),
    }),
    await Worker.create({ connection: native, taskQueue: hostTaskQueue(HOST), activities: { takePreview } }),
  ];
  running = workers.map((worker) => ({ worker, done: worker.run() }));
  feeder = feedHub(live, 'testsrc2=size=640x360:rate=10');
});

afterAll(async () => {
  await feeder?.stop();
  for (const { worker } of running) worker.shutdown();
  await Promise.all(running.map(({ done }) => done));
  await native?.close();
  await connection?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startCapture(
  id: string,
  more: { state?: State; detail?: string; host?: string; hub?: string } = {},
) {
  const { state = 'running', detail = '', host = HOST, hub = live.address } = more;
  const config = { id, hub, outputs: [] };
  await client.workflow.start('capture', {
    workflowId: `capture/${id}`,
    taskQueue: ORCHESTRATOR_TASK_QUEUE,
    args: [{ id, host, state, detail, config }],
  });
}

async function startStream(
  id: string,
  more: { state?: State; detail?: string; host?: string } = {},
): Promise<RecordingWriter> {
  const { state = 'running', detail = '', host = HOST } = more;
  await client.workflow.start('stream', {
    workflowId: `stream/${id}`,
    taskQueue: ORCHESTRATOR_TASK_QUEUE,
    args: [{ id, host, state, detail, config: { id } }],
  });
  return new RecordingWriter(folder, `stream/${id}`);
}

async function cli(...args: string[]) {
  const [program, ...rest] = cliCommand(args);
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, TEMPORAL_ADDRESS: server.address };
  const result = await execa(program, rest, {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    encoding: 'buffer',
    timeout: 60_000,
  });
  const [stdout, stderr] = [Buffer.from(result.stdout), Buffer.from(result.stderr)];
  return { status: result.exitCode, stdout, stderr: stderr.toString() };
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
}

async function picturesOnServer(instance: string): Promise<number> {
  const query = `WorkflowType = 'preview' AND WorkflowId STARTS_WITH 'preview/${instance}/'`;
  return (await client.workflow.count(query)).count;
}

describe('a picture of a running capture', () => {
  it('comes by its name', async () => {
    await startCapture('one');
    const jpeg = await holdfast.preview('capture/one');
    expect(isJpeg(jpeg)).toBe(true);
    expect(jpeg.length).toBeGreaterThan(5_000);
  });

  it('is written to a file by the command line, which tells its size and time', async () => {
    await startCapture('two');
    const file = join(folder, 'two.jpg');
    await writeFile(file, 'an older picture');
    const written = await cli('show', 'capture/two', '--preview', file);
    expect(written).toMatchObject({ status: 0, stderr: '' });
    expect(written.stdout.toString()).toMatch(/two\.jpg: [\d.]+ kB, taken \d{4}-.*Z \(\d+.* ago\)$/);
    expect(isJpeg(await readFile(file))).toBe(true);
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('goes to stdout, as JSON facts, or through a link, as it is asked for', async () => {
    await startCapture('three');
    const piped = await cli('show', 'capture/three', '--preview', '-');
    expect(isJpeg(piped.stdout)).toBe(true);
    expect(piped.stderr).toMatch(/taken .*Z/);
    const file = join(folder, 'three.jpg');
    const link = join(folder, 'link.jpg');
    await writeFile(file, '');
    await symlink(file, link);
    const facts = await cli('show', 'capture/three', '--preview', link, '--json');
    const document = JSON.parse(facts.stdout.toString()) as { bytes: number };
    expect(document).toMatchObject({ id: 'capture/three', file: link, takenAt: expect.stringMatching(/Z$/) });
    expect(isJpeg(await readFile(file))).toBe(true);
    expect(document.bytes).toBe((await readFile(file)).length);
  });

  it('leaves a device alone that it is written to', async () => {
    await startCapture('device');
    expect(await cli('show', 'capture/device', '--preview', '/dev/null')).toMatchObject({ status: 0 });
    expect((await readFile('/dev/null')).length).toBe(0);
  });

  it('that cannot be written is an error that names the file', async () => {
    await startCapture('unwritable');
    const result = await cli(
      'show',
      'capture/unwritable',
      '--preview',
      join(folder, 'no', 'such', 'folder.jpg'),
    );
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/cannot write the picture: .*folder\.jpg/);
  });
});

describe('a picture of a running stream', () => {
  it('is of the newest closed segment of its recording, and stays out of its history', async () => {
    const recording = await startStream('show');
    const endedMs = Date.parse('2026-01-01T10:00:02Z');
    await recording.segment(coloured('red'), endedMs, 2);
    expect(await colourOf(await holdfast.preview('stream/show'))).toBe('red');
    const newest = await recording.segment(coloured('blue'), endedMs + 2_000, 2);
    // Whoever asks within 5 s shares the picture of the first.
    await until(
      async () => (await colourOf(await holdfast.preview('stream/show'))) === 'blue',
      20_000,
      'the picture of the next segment',
    );
    const file = join(folder, 'show.jpg');
    const written = await cli('show', 'stream/show', '--preview', file);
    expect(written).toMatchObject({ status: 0, stderr: '' });
    expect(written.stdout.toString()).toContain(`taken ${newest.end} (`);
    const { events } = await client.workflow.getHandle('stream/show').fetchHistory();
    expect(events).toHaveLength(4);
  }, 60_000);

  it('comes not of one that waits, has closed no segment, or runs on a host that is away; each says so', async () => {
    const waiting = await startStream('waiting', { state: 'waiting_live', detail: 'not live' });
    await waiting.segment(coloured('red'), Date.now(), 2);
    await startStream('fresh');
    await startStream('stray', { host: 'nowhere' });
    await expect(holdfast.preview('stream/waiting')).rejects.toMatchObject({
      code: 'not_running',
      message: 'no picture of stream/waiting: it is waiting_live (not live)',
    });
    await expect(holdfast.preview('stream/fresh')).rejects.toMatchObject({
      code: 'no_picture',
      message: 'no picture of stream/fresh: its first segment is not closed yet',
    });
    await expect(holdfast.preview('stream/stray')).rejects.toMatchObject({
      code: 'no_worker',
      message: 'no picture of stream/stray: host nowhere does not answer',
    });
  }, 60_000);

  it('comes not when the file has gone', async () => {
    const recording = await startStream('gone');
    const line = await recording.segment(coloured('red'), Date.now(), 2);
    await rm(recording.pathOf(line));
    await expect(holdfast.preview('stream/gone')).rejects.toMatchObject({
      code: 'no_picture',
      message: `no picture of stream/gone: ${line.file}, its newest segment, is not there any more`,
    });
  });
});

describe('no picture', () => {
  it.each<[State, string]>([
    ['waiting_signal', 'HDMI signal lost, waiting...'],
    ['paused', ''],
    ['retrying', 'retrying 2/3'],
  ])('comes of a capture that is %s, which says why', async (state, detail) => {
    const id = `idle-${state.replace('_', '-')}`;
    await startCapture(id, { state, detail });
    const reason = detail === '' ? `it is ${state}` : `it is ${state} (${detail})`;
    await expect(holdfast.preview(`capture/${id}`)).rejects.toMatchObject({
      code: 'not_running',
      message: `no picture of capture/${id}: ${reason}`,
    });
  });

  it('comes of a silent hub, and the reason does', async () => {
    await startCapture('silent', { hub: hubOf('capture/silent').address });
    await expect(holdfast.preview('capture/silent')).rejects.toMatchObject({
      code: 'no_picture',
      message: expect.stringContaining('no picture came through the hub'),
    });
  });

  it('comes of a host that does not answer, within half a minute', async () => {
    await startCapture('lonely', { host: 'nowhere' });
    const result = await cli('show', 'capture/lonely', '--preview', join(folder, 'lonely.jpg'));
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('no picture of capture/lonely: host nowhere does not answer');
  });

  it('comes of a source, a capture that is closed, or one that nobody knows', async () => {
    await client.workflow.start('source', { workflowId: 'source/news', taskQueue: ORCHESTRATOR_TASK_QUEUE });
    await expect(holdfast.preview('source/news')).rejects.toMatchObject({ code: 'invalid_input' });
    await startCapture('closed');
    await client.workflow.getHandle('capture/closed').terminate();
    await expect(holdfast.preview('capture/closed')).rejects.toMatchObject({ code: 'not_running' });
    await expect(holdfast.preview('capture/nobody')).rejects.toMatchObject({ code: 'unknown_instance' });
  });
});

describe('a picture that was taken', () => {
  it('is deleted from the server soon after', async () => {
    await until(async () => (await picturesOnServer('capture/one')) === 0, 120_000, 'it to be deleted');
  });
});
