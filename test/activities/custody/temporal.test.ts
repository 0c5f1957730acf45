// Custody against a real Temporal server: asynchronous completion by token, heartbeats, and what becomes of a run whose worker or
// workflow goes away.
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCustody, type Custody } from '../../../activities/custody/custody.js';
import type { OwnerPort } from '../../../activities/custody/owner.js';
import { createTemporalOwner } from '../../../activities/custody/temporal-owner.js';
import type { RunSpec } from '../../../core/run.js';
import { startTestServer, type TestServer } from '../../support/temporal.js';
import {
  CHILDREN,
  classifyPlainly,
  commandHandler,
  CustodyBench,
  processesWith,
  progressSpec,
  QUICK_LIMITS,
  until,
} from './bench.js';
import type { owner as owningWorkflow } from './owning-workflow.js';

const HEARTBEAT_TIMEOUT_MS = 3_000;
const HOST_QUEUE = 'host';

interface Host {
  readonly custody: Custody;
  close(): Promise<void>;
}

let server: TestServer;
let client: Client;
let nativeConnection: NativeConnection;
let owner: OwnerPort;
let orchestrator: Worker;
let orchestrating: Promise<void>;
let bench: CustodyBench;
let hosts: Host[] = [];

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  server = await startTestServer();
  const connection = await Connection.connect({ address: server.address });
  client = new Client({ connection, namespace: server.namespace });
  nativeConnection = await NativeConnection.connect({ address: server.address });
  owner = createTemporalOwner(client);
  const workflowsPath = fileURLToPath(new URL('./owning-workflow.ts', import.meta.url));
  orchestrator = await Worker.create({
    connection: nativeConnection,
    namespace: server.namespace,
    taskQueue: 'workflows',
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
  });
  orchestrating = orchestrator.run();
}, 60_000);
afterAll(async () => {
  orchestrator?.shutdown();
  await orchestrating;
  await client?.connection.close();
  await nativeConnection?.close();
  await server?.stop();
});
beforeEach(() => {
  bench = new CustodyBench();
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) await host.close();
  await bench.tearDown();
});

/** A device host: a custodian and a worker for its activities. */
async function startHost(): Promise<Host> {
  const handler = commandHandler();
  const custody = createCustody({
    dataDir: bench.dataDir,
    host: 'test',
    handlers: { command: handler, 'record-source': handler },
    owner,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    classify: classifyPlainly,
    limits: QUICK_LIMITS,
  });
  custody.start();
  await custody.lead;
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace: server.namespace,
    taskQueue: HOST_QUEUE,
    activities: { ...custody.activities },
  });
  const running = worker.run();
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    worker.shutdown();
    await running;
    await custody.close();
  };
  const host = { custody, close };
  hosts.push(host);
  return host;
}

async function startOwner(spec: RunSpec) {
  return client.workflow.start<typeof owningWorkflow>('owner', {
    workflowId: spec.workflowId,
    taskQueue: 'workflows',
    args: [spec, HOST_QUEUE, HEARTBEAT_TIMEOUT_MS],
    workflowTaskTimeout: '5s',
  });
}

async function attemptOf(workflowId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return raw.pendingActivities?.[0]?.attempt ?? 0;
}

describe('custody with Temporal', () => {
  it('completes the activity by token with the end of the run', async () => {
    await startHost();
    const script = 'printf "frame=1\\nprogress=continue\\n" >&3; sleep 1; echo reason >&2; exit 9';
    const spec = progressSpec(['sh', '-c', script], { workflowId: 'stream/ends' });
    const handle = await startOwner(spec);
    const { end, started } = await handle.result();
    expect(end).toMatchObject({ runKey: spec.runKey, outcome: 'failed', exitCode: 9, logTail: 'reason' });
    expect(started).toBe(spec.runKey);
  });

  it('stops a run by an activity, and completes the one that owns it', async () => {
    const { custody } = await startHost();
    const spec = progressSpec([`${CHILDREN}progresses.sh`], { workflowId: 'stream/stops' });
    const handle = await startOwner(spec);
    await until('it makes progress', () => custody.snapshot()[0]?.firstProgressAt != null);
    await handle.signal('stop');
    const { end, stopped } = await handle.result();
    expect(end).toMatchObject({ outcome: 'stopped', detail: 'asked to', exitCode: 255 });
    expect(stopped).toEqual(end);
  });

  it('keeps the same attempt over a short loss of the worker, and adopts for the next after a long one', async () => {
    const first = await startHost();
    const spec = progressSpec([`${CHILDREN}progresses.sh`, ''], { workflowId: 'stream/outlives' });
    const handle = await startOwner(spec);
    await until('it makes progress', () => first.custody.snapshot()[0]?.firstProgressAt != null);
    const { pid } = first.custody.snapshot()[0] ?? {};
    await first.close();

    const second = await startHost();
    expect(second.custody.snapshot()).toMatchObject([{ pid, phase: 'running', adopted: true }]);
    await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_TIMEOUT_MS * 1.5));
    expect(await attemptOf(spec.workflowId)).toBe(1);
    await second.close();

    await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_TIMEOUT_MS * 1.5));
    const third = await startHost();
    const deadline = performance.now() + 20_000;
    while ((await attemptOf(spec.workflowId)) < 2 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await attemptOf(spec.workflowId)).toBe(2);
    expect(third.custody.snapshot()).toMatchObject([{ pid, phase: 'running' }]);
    await handle.signal('stop');
    expect((await handle.result()).end.outcome).toBe('stopped');
  });

  it('stops a run whose workflow was terminated', async () => {
    const { custody } = await startHost();
    const spec = progressSpec([`${CHILDREN}progresses.sh`, ''], { workflowId: 'stream/orphan' });
    const handle = await startOwner(spec);
    await until('it makes progress', () => custody.snapshot()[0]?.firstProgressAt != null);
    await handle.terminate('test');
    await until('the run is gone', () => custody.snapshot().length === 0);
    expect(processesWith(bench.dataDir)).toEqual([]);
  });

  it('tells a known owner from a closed and an unknown one, and a dead token from a living', async () => {
    expect(await owner.ownerIsGone('stream/never-was')).toBe(true);
    expect(await owner.ownerIsGone('stream/ends')).toBe(true);
    const handle = await startOwner(progressSpec(['true'], { workflowId: 'stream/waits' }));
    expect(await owner.ownerIsGone('stream/waits')).toBe(false);
    await handle.terminate('test');
    await expect(owner.runStarted('stream/never-was', { runKey: 'x', at: 'y' })).resolves.toBeUndefined();
  });

  it('throws when the server does not answer: that is no news about the owner', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const away = createTemporalOwner(new Client({ connection }), 300);
    await expect(away.ownerIsGone('stream/ends')).rejects.toThrow();
    await expect(away.runStarted('stream/ends', { runKey: 'x', at: 'y' })).rejects.toThrow();
    const heartbeat = {
      runKey: 'x',
      pid: null,
      progress: null,
      startedAt: '',
      firstProgressAt: null,
    };
    await expect(away.heartbeat('dG9rZW4=', heartbeat)).rejects.toThrow();
    await connection.close();
  });
});
