import { fileURLToPath } from 'node:url';
import { Context, CompleteAsyncError } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { RunHeartbeat } from '../../core/run.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { startTestServer, type TestServer } from './temporal.js';

/** A real server with a worker that runs the tiny instances. */
export interface TinyInstances {
  readonly client: Client;
  readonly address: string;
  readonly server: TestServer;
  /** Ends the worker; `startWorker` brings it back. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

/** What the pretended host reports of every run. */
export const TINY_PROGRESS = {
  outTimeMs: 61_000,
  frames: 1_525,
  bytes: 45_000_000,
  fps: 25,
  bitrateKbps: 5_900,
  speed: 1,
} as const;

export async function startTinyInstances(): Promise<TinyInstances> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startTestServer();
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const native = await NativeConnection.connect({ address: server.address });
  let running: { worker: Worker; done: Promise<void> } | undefined;
  const startWorker = async (): Promise<void> => {
    const worker = await Worker.create({
      connection: native,
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      workflowsPath: fileURLToPath(new URL('../fixtures/workflows/instances.ts', import.meta.url)),
      activities: { startRun },
    });
    running = { worker, done: worker.run() };
  };
  const stopWorker = async (): Promise<void> => {
    if (running === undefined) return;
    running.worker.shutdown();
    await running.done;
    running = undefined;
  };
  await startWorker();
  return {
    client,
    address: server.address,
    server,
    startWorker,
    stopWorker,
    close: async () => {
      await stopWorker();
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** As a real host does: reports once, and completes asynchronously (here: never). */
async function startRun(runKey: string): Promise<void> {
  const heartbeat: RunHeartbeat = {
    runKey,
    pid: 4_242,
    progress: TINY_PROGRESS,
    startedAt: new Date().toISOString(),
    firstProgressAt: new Date().toISOString(),
  };
  Context.current().heartbeat(heartbeat);
  throw new CompleteAsyncError();
}
