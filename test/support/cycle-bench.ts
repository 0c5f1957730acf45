import type { Client, WorkflowHandle } from '@temporalio/client';
import type { CycleResult, RunCycleInput } from '../../core/source-cycle/index.js';
import { WorkflowStage } from './workflow-stage.js';

/** The workflow `source` on a real server; what its cycles come to is up to the test. */
export class CycleBench {
  readonly #stage: WorkflowStage;

  private constructor(stage: WorkflowStage) {
    this.#stage = stage;
  }

  static async open(): Promise<CycleBench> {
    return new CycleBench(await WorkflowStage.set());
  }

  get client(): Client {
    return this.#stage.client;
  }

  get workflowBundle(): WorkflowStage['workflowBundle'] {
    return this.#stage.workflowBundle;
  }

  /** Runs workers that make cycles with `runCycle` until `during` has ended. */
  async withWorkers(
    runCycle: (input: RunCycleInput) => Promise<CycleResult>,
    during: () => Promise<void>,
  ): Promise<void> {
    await this.#stage.perform({ runCycle, saveSourceStatus: () => Promise.resolve() });
    try {
      await during();
    } finally {
      await this.#stage.rest();
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
    await this.#stage.close();
  }
}
