import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  GracefulShutdownPeriodExpiredError,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { RunSpec } from '../../core/run.js';
import { startTestServer, type TestServer } from './temporal.js';

/** Where workflows run; the others are where they find what the host and the fetcher of a test do. */
const WORKFLOWS = 'holdfast';
const ACTIVITIES = ['holdfast-device', 'holdfast-host-h', 'holdfast-fetch'];

interface RunningWorker {
  readonly worker: Worker;
  readonly ended: Promise<void>;
}

/** A real server, and workers that run our workflows beside activities of the test: what is under test is the workflow. */
export class WorkflowStage {
  readonly client: Client;
  readonly workflowBundle: { readonly code: string };
  readonly #server: TestServer;
  readonly #connection: Connection;
  readonly #native: NativeConnection;
  #activities: object = {};
  #activityWorkers: RunningWorker[] = [];
  #workflowWorker: RunningWorker | null = null;

  private constructor(
    server: TestServer,
    connection: Connection,
    native: NativeConnection,
    workflowBundle: { readonly code: string },
  ) {
    this.#server = server;
    this.#connection = connection;
    this.#native = native;
    this.client = new Client({ connection });
    this.workflowBundle = workflowBundle;
  }

  /** Starts the server; `perform` brings the workers. A history of more events than `historyEventsMax` is to be continued as a new one. */
  static async set({ historyEventsMax }: { historyEventsMax?: number } = {}): Promise<WorkflowStage> {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const dynamicConfig =
      historyEventsMax === undefined ? {} : { 'limit.historyCount.suggestContinueAsNew': historyEventsMax };
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    const [server, bundle] = await Promise.all([
      startTestServer(dynamicConfig),
      bundleWorkflowCode({ workflowsPath, logger }),
    ]);
    const [connection, native] = await Promise.all([
      Connection.connect({ address: server.address }),
      NativeConnection.connect({ address: server.address }),
    ]);
    return new WorkflowStage(server, connection, native, bundle);
  }

  /** Workflows find these activities on the host `h`, which takes whatever has no host. */
  async perform(activities: object): Promise<void> {
    this.#activities = { claimHost: () => Promise.resolve({ host: 'h' }), ...activities };
    this.#activityWorkers = await Promise.all(ACTIVITIES.map((taskQueue) => this.#startWorker(taskQueue)));
    await this.resumeWorkflows();
  }

  /** What a host tells of a run that delivers. An instance that has ended in this moment, or a stage that closes, hears it no more. */
  tellStarted({ workflowId, runKey }: Pick<RunSpec, 'workflowId' | 'runKey'>): void {
    void this.client.workflow
      .getHandle(workflowId)
      .signal('runStarted', { runKey, at: new Date().toISOString() })
      .catch(() => undefined);
  }

  /** From now on messages gather: the next task of a workflow brings all of them. */
  async pauseWorkflows(): Promise<void> {
    await end(this.#workflowWorker);
    this.#workflowWorker = null;
  }

  async resumeWorkflows(): Promise<void> {
    this.#workflowWorker ??= await this.#startWorker(WORKFLOWS);
  }

  /** Ends every worker; `perform` may bring others. */
  async rest(): Promise<void> {
    const workers = [...this.#activityWorkers, this.#workflowWorker];
    this.#activityWorkers = [];
    this.#workflowWorker = null;
    await Promise.all(workers.map(end));
  }

  async close(): Promise<void> {
    await this.rest();
    await this.#native.close();
    await this.#connection.close();
    await this.#server.stop();
  }

  async #startWorker(taskQueue: string): Promise<RunningWorker> {
    const worker = await Worker.create({
      connection: this.#native,
      activities: this.#activities,
      workflowBundle: this.workflowBundle,
      shutdownForceTime: '5s',
      taskQueue,
    });
    return { worker, ended: worker.run() };
  }
}

async function end(running: RunningWorker | null): Promise<void> {
  if (running === null) return;
  running.worker.shutdown();
  await running.ended.catch((error: unknown) => {
    // Activities that wait for a cancellation are given up by force.
    if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
  });
}
