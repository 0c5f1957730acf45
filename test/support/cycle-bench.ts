import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { CycleResult, RunCycleInput } from '../../core/source-cycle/index.js';
import { startTestServer, type TestServer } from './temporal.js';

/** The workflow `source` on a real server; what its cycles come to is up to the test. */
export class CycleBench {
  readonly client: Client;
  readonly workflowBundle: { code: string };
  readonly #server: TestServer;
  readonly #connection: Connection;
  readonly #native: NativeConnection;

  private constructor(
    server: TestServer,
    connection: Connection,
    native: NativeConnection,
    workflowBundle: { code: string },
  ) {
    this.#server = server;
    this.#connection = connection;
    this.#native = native;
    this.workflowBundle = workflowBundle;
    this.client = new Client({ connection });
  }

  static async open(): Promise<CycleBench> {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    const [server, workflowBundle] = await Promise.all([
      startTestServer(),
      bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    ]);
    const connection = await Connection.connect({ address: server.address });
    const native = await NativeConnection.connect({ address: server.address });
    return new CycleBench(server, connection, native, workflowBundle);
  }

  /** Runs workers that make cycles with `runCycle` until `during` has ended. */
  async withWorkers(
    runCycle: (input: RunCycleInput) => Promise<CycleResult>,
    during: () => Promise<void>,
  ): Promise<void> {
    const options = {
      connection: this.#native,
      activities: { runCycle, saveSourceStatus: () => Promise.resolve() },
      workflowBundle: this.workflowBundle,
      shutdownForceTime: '5s',
    } as const;
    const workers = await Promise.all(
      ['holdfast', 'holdfast-fetch'].map((taskQueue) => Worker.create({ ...options, taskQueue })),
    );
    const running = workers.map((worker) => worker.run());
    try {
      await during();
    } finally {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
    }
  }

  async start(id: string, entry: object): Promise<WorkflowHandle> {
    const args = [{ id, url: 'http://127.0.0.1:9/', allow_fast: true, ...entry }];
    return await this.client.workflow.start('source', {
      workflowId: `source/${id}`,
      taskQueue: 'holdfast',
      args,
    });
  }

  async close(): Promise<void> {
    await this.#native.close();
    await this.#connection.close();
    await this.#server.stop();
  }
}
