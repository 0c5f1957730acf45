/**
 * Goal: over HTTP the instances tell and do what the library says, in the documents of the command line. Method: a real gateway
 * over a real server and a real worker with tiny workflows that speak the same messages.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHoldfast, type Holdfast } from '../../../client/index.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../../core/task-queues.js';
import { startTinyGateway, type TinyGateway } from '../../support/tiny-gateway.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
let holdfast: Holdfast;
let gateway: TinyGateway;

beforeAll(async () => {
  tiny = await startTinyInstances();
  holdfast = createHoldfast({ client: tiny.client });
  gateway = await startTinyGateway({ client: tiny.client });
  await holdfast.apply(
    ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) => ({ kind: 'stream', name, config: { id: name } })),
  );
  await settled(5);
}, 60_000);
afterAll(async () => {
  await gateway?.close();
  await tiny?.close();
});

/** Waits until the index of the server has caught up with that many running instances. */
async function settled(count: number): Promise<void> {
  for (const deadlineMs = Date.now() + 20_000; Date.now() < deadlineMs;) {
    if ((await holdfast.list({ state: 'running' })).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`there are never ${count} running instances`);
}

async function document(name: string): Promise<Record<string, unknown>> {
  const { status, body } = await gateway.ask(`/api/instances/stream/${name}`);
  expect(status).toBe(200);
  return body as Record<string, unknown>;
}

describe('reading', () => {
  it('lists what the library lists, by kind and state', async () => {
    expect((await gateway.ask('/api/instances')).body).toEqual(await holdfast.list());
    expect((await gateway.ask('/api/instances?kind=source')).body).toEqual([]);
    expect((await gateway.ask('/api/instances?state=running&kind=stream')).body).toHaveLength(5);
    expect((await gateway.ask('/api/instances?state=paused')).body).toEqual([]);
  });

  it('lists details with nothing left out of them', async () => {
    const { status, body } = await gateway.ask('/api/instances?details=true');
    expect(status).toBe(200);
    const expected = await holdfast.listDetailed();
    expect(expected.some(({ branches }) => branches.some(({ live }) => live !== null))).toBe(true);
    expect(body).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it('shows one as the command line does, whichever way its id is written', async () => {
    const { status, ...rest } = await holdfast.show('stream/alice');
    const expected = {
      ...status,
      ...rest,
      recordings: join(gateway.deps.dataDir, 'recordings', 'stream/alice'),
      freeBytes: null,
    };
    for (const id of ['stream/alice', 'stream%2Falice', 'stream%2falice', 'alice']) {
      expect(await gateway.ask(`/api/instances/${id}`)).toMatchObject({
        status: 200,
        body: JSON.parse(JSON.stringify(expected)),
      });
    }
  });

  it('says what is near to a name that does not exist, and which ones a bare name could mean', async () => {
    expect(await gateway.ask('/api/instances/stream/alcie')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_instance', message: expect.stringContaining('stream/alice') } },
    });
    await holdfast.apply([{ kind: 'capture', name: 'bob', config: { id: 'bob' } }]);
    await settled(6);
    expect(await gateway.ask('/api/instances/bob')).toMatchObject({
      status: 409,
      body: { error: { code: 'ambiguous_instance', message: expect.stringContaining('capture/bob') } },
    });
  });

  it('tells the coverage of a recording since a time, and of none that there is none', async () => {
    const folder = join(gateway.deps.dataDir, 'recordings', 'stream', 'alice', 'recording');
    await mkdir(folder, { recursive: true });
    const lines = [
      segment('20260101T100000Z-1-0.ts', '10:00:00', '10:01:00'),
      {
        type: 'gap',
        from: at('10:01:00'),
        to: at('10:01:30'),
        cause: 'network_disconnect',
        evidence: 'reset',
      },
      segment('20260101T100130Z-2-0.ts', '10:01:30', '10:02:00'),
    ];
    await writeFile(
      join(folder, 'manifest.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    const { status, body } = await gateway.ask('/api/instances/stream/alice/gaps');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'stream/alice',
      together: null,
      branches: [{ branch: 'recording', recordedMs: 90_000, missingMs: 30_000, segments: 2 }],
    });
    const since = await gateway.ask('/api/instances/alice/gaps?since=2026-01-01T10:01:30Z');
    expect(since.body).toMatchObject({ branches: [{ recordedMs: 30_000, missingMs: 0, gaps: [] }] });
    const nothing = await gateway.ask('/api/instances/alice/gaps?since=1h');
    expect(nothing.body).toMatchObject({ branches: [{ from: null, gaps: [] }] });
    expect(await gateway.ask('/api/instances/stream/carol/gaps')).toMatchObject({
      status: 404,
      body: { error: { code: 'no_recording' } },
    });
  });

  it('says why there is no picture', async () => {
    // Clients tell a kind by the id.
    const news = { workflowId: 'source/news', taskQueue: ORCHESTRATOR_TASK_QUEUE, args: [{ id: 'news' }] };
    const source = await tiny.client.workflow.start('capture', news);
    expect(await gateway.ask('/api/instances/source/news/preview')).toMatchObject({
      status: 400,
      body: {
        error: { code: 'invalid_input', message: expect.stringContaining('only captures and streams') },
      },
    });
    await gateway.post('/api/instances/stream/erin/pause');
    expect(await gateway.ask('/api/instances/stream/erin/preview')).toMatchObject({
      status: 409,
      body: { error: { code: 'not_running', message: 'no picture of stream/erin: it is paused (paused)' } },
    });
    const { status, body, headers } = await gateway.ask('/api/instances/stream/erin/preview?absent=empty');
    expect([status, body]).toEqual([204, '']);
    expect(decodeURIComponent(headers.get('x-absent-because') ?? '')).toMatch(/stream\/erin: it is paused/);
    await gateway.post('/api/instances/stream/erin/resume');
    await source.terminate();
  });
});

describe('steering', () => {
  it('pauses and resumes, and answers with the state that follows', async () => {
    expect(await gateway.post('/api/instances/stream/carol/pause')).toMatchObject({
      status: 200,
      body: { id: 'stream/carol', state: 'paused' },
    });
    expect(await document('carol')).toMatchObject({ state: 'paused' });
    expect(await gateway.post('/api/instances/stream/carol/resume', {})).toMatchObject({
      status: 200,
      body: { state: 'running' },
    });
  });

  it('stops, waits for the end when asked to, and takes a second stop for done', async () => {
    const stopped = await gateway.post('/api/instances/dave/stop', { wait: true });
    expect(stopped).toMatchObject({
      status: 200,
      body: { id: 'stream/dave', state: 'stopped', alreadyStopped: false, failure: null },
    });
    expect((await gateway.post('/api/instances/dave/stop')).body).toMatchObject({ alreadyStopped: true });
    expect(await gateway.post('/api/instances/dave/pause')).toMatchObject({
      status: 409,
      body: { error: { code: 'not_running' } },
    });
    expect(await gateway.post('/api/instances/dave/retry')).toMatchObject({
      status: 200,
      body: { id: 'stream/dave', startedAgain: true },
    });
  });

  it('sends the signals of watchers, and no others', async () => {
    expect(
      await gateway.post('/api/instances/stream/erin/signal', {
        name: 'hdmiLost',
        payload: { since: 'now' },
      }),
    ).toMatchObject({ status: 200, body: { id: 'stream/erin' } });
    for (const body of [
      { name: 'stop' },
      { name: 'hdmiLost', more: 1 },
      { name: 'hdmiLost', payload: 'x' },
    ]) {
      expect((await gateway.post('/api/instances/stream/erin/signal', body)).status).toBe(400);
    }
  });

  it('refuses a branch that there is not', async () => {
    expect(await gateway.post('/api/instances/stream/erin/retry', { branch: 'nowhere' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input', message: expect.stringContaining('no branch nowhere') } },
    });
  });

  it('changes outputs of captures only, and says what is wrong with one', async () => {
    expect(
      await gateway.post('/api/instances/stream/erin/outputs', { name: 'tape', kind: 'record' }),
    ).toMatchObject({
      status: 400,
      body: { error: { message: 'stream/erin has no outputs; only captures have' } },
    });
    expect(await gateway.post('/api/instances/capture/bob/outputs', { name: 'tape' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('kind') } },
    });
  });
});

describe('without a worker', () => {
  it('shows what the server knows, with the reason for what is missing', async () => {
    await tiny.stopWorker();
    try {
      expect(await document('alice')).toMatchObject({
        id: 'stream/alice',
        statusProblem: 'no worker answers',
      });
    } finally {
      await tiny.startWorker();
    }
  }, 30_000);
});

function at(time: string): string {
  return `2026-01-01T${time}.000Z`;
}

function segment(file: string, from: string, to: string) {
  return { type: 'segment', file, start: at(from), end: at(to), bytes: 1_000, frames: 25, run: 1 };
}
