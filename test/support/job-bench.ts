import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import {
  createJobStepActivities,
  createSaveJobActivity,
  Turns,
  valuesInFolder,
  type StepRuns,
} from '../../activities/jobs/index.js';
import type { Jobs } from '../../client/library/jobs.js';
import type { JobAnswer, JobEvent, JobView } from '../../core/jobs/index.js';
import { hostTaskQueue, ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import { openStore, type Store } from '../../store/index.js';
import { until } from './cluster.js';
import { startTestServer, type TestServer } from './temporal.js';

/** The host that the jobs of these tests name. */
export const JOB_HOST = 'studio-1';

/** Parameters of a clip that nothing is wrong with; the steps of the test decide what becomes of it. */
export const CLIP_PARAMS = {
  recording: 'stream/alice',
  from: '2026-03-04T05:06:07Z',
  to: '2026-03-04T05:06:17Z',
} as const;

/** The workflow `job` on a real server with real activities and a real store; the steps are those of the test. */
export class JobBench {
  readonly client: Client;
  readonly store: Store;
  readonly dataDir: string;
  readonly #server: TestServer;
  readonly #connection: Connection;
  readonly #native: NativeConnection;
  readonly #workflowBundle: { code: string };
  #workers: { readonly worker: Worker; readonly done: Promise<void> }[] = [];

  private constructor(parts: {
    readonly dataDir: string;
    readonly store: Store;
    readonly server: TestServer;
    readonly connection: Connection;
    readonly native: NativeConnection;
    readonly workflowBundle: { code: string };
  }) {
    this.dataDir = parts.dataDir;
    this.store = parts.store;
    this.#server = parts.server;
    this.#connection = parts.connection;
    this.#native = parts.native;
    this.#workflowBundle = parts.workflowBundle;
    this.client = new Client({ connection: parts.connection });
  }

  get address(): string {
    return this.#server.address;
  }

  static async open(): Promise<JobBench> {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-jobs-'));
    const [server, workflowBundle] = await Promise.all([
      startTestServer(),
      bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    ]);
    const connection = await Connection.connect({ address: server.address });
    const native = await NativeConnection.connect({ address: server.address });
    const store = await openStore(`sqlite:${dataDir}/store.db`);
    await store.migrate();
    return new JobBench({ dataDir, store, server, connection, native, workflowBundle });
  }

  /** Workers of the workflow and of the host, or of one of them. */
  async startWorkers(steps: StepRuns, which: 'both' | 'host' | 'orchestrator' = 'both'): Promise<void> {
    const common = { connection: this.#native, maxHeartbeatThrottleInterval: '500ms' } as const;
    if (which !== 'host') {
      this.#run(
        await Worker.create({
          ...common,
          taskQueue: ORCHESTRATOR_TASK_QUEUE,
          workflowBundle: this.#workflowBundle,
          activities: createSaveJobActivity({ store: this.store }),
        }),
      );
    }
    if (which === 'orchestrator') return;
    const activities = createJobStepActivities({
      dataDir: this.dataDir,
      host: JOB_HOST,
      steps,
      valuesOf: (_jobId, workFolder) => valuesInFolder(workFolder),
      turns: new Turns(50),
    });
    this.#run(
      await Worker.create({ ...common, taskQueue: hostTaskQueue(JOB_HOST), activities: { ...activities } }),
    );
  }

  async stopWorkers(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    for (const { worker } of workers) worker.shutdown();
    await Promise.all(workers.map(({ done }) => done));
  }

  /** Starts a clip as `temporal workflow start` would. */
  async startClip(id: string, entry: object = {}): Promise<WorkflowHandle> {
    return await this.client.workflow.start('job', {
      workflowId: `job/${id}`,
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      args: [{ id, kind: 'clip', host: JOB_HOST, params: CLIP_PARAMS, ...entry }],
    });
  }

  async view(id: string): Promise<JobView> {
    return await this.client.workflow.getHandle(`job/${id}`).query<JobView>('status');
  }

  /** Everything that the workflow still has of what a job told. */
  async events(id: string): Promise<JobEvent[]> {
    const handle = this.client.workflow.getHandle(`job/${id}`);
    const events: JobEvent[] = [];
    for (;;) {
      const answer: JobAnswer = await handle.query('events', events.at(-1)?.offset ?? 0);
      events.push(...answer.events);
      if (answer.events.length === 0) return events;
    }
  }

  async untilView(id: string, holds: (view: JobView) => boolean, what: string): Promise<JobView> {
    let view: JobView | undefined;
    await until(
      async () => {
        view = await this.view(id);
        return holds(view);
      },
      40_000,
      () => `${what}; it is ${JSON.stringify(view)}`,
    );
    return view as JobView;
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.store.close();
    await this.#native.close();
    await this.#connection.close();
    await this.#server.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #run(worker: Worker): void {
    this.#workers.push({ worker, done: worker.run() });
  }
}

/** Steps of a clip that do nothing but what the test gives. */
export function clipSteps(changes: Partial<NonNullable<StepRuns['clip']>>): StepRuns {
  const nothing = () => Promise.resolve();
  return { clip: { survey: nothing, cut: nothing, verify: nothing, ...changes } };
}

/** What a test asks for when it does not matter what it is: a clip, on the bench's own host. */
export const CLIP_REQUEST = { kind: 'clip', params: CLIP_PARAMS, host: JOB_HOST };

/** Steps of a clip that are under way until somebody ends them. */
export const hangingSteps = clipSteps({
  cut: async (_params, context) => {
    context.report({ percent: 10 });
    for (;;) await sleep(100, undefined, { signal: context.signal });
  },
});

/** Starts a clip that hangs, and waits until it is under way. Returns its id. */
export async function beginHanging(bench: JobBench, jobs: Jobs, key: string): Promise<string> {
  await bench.startWorkers(hangingSteps);
  const { id } = await jobs.start({ ...CLIP_REQUEST, key });
  await bench.untilView(`clip-${key}`, ({ progress }) => progress !== null, 'the job to be under way');
  return id;
}
