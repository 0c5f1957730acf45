import { Cluster, type WorkerProcess } from '../../test/support/cluster.js';
import type { Farm } from './farm-process.js';
import { usageOf, type Usage } from './sample.js';

/** holdfast as it runs on one machine, and the farm that it fetches from. */
export class Site {
  readonly farm: Farm;
  readonly cluster: Cluster;
  readonly #worker: WorkerProcess;

  private constructor(farm: Farm, cluster: Cluster, worker: WorkerProcess) {
    this.farm = farm;
    this.cluster = cluster;
    this.#worker = worker;
  }

  /** The server with its file, and one worker process for workflows and fetches. */
  static async start(farm: Farm): Promise<Site> {
    const cluster = await Cluster.start();
    try {
      return new Site(farm, cluster, await cluster.startWorker('orchestrator,fetch'));
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  get storeUrl(): string {
    return `sqlite:${this.cluster.dataDir}/holdfast.db`;
  }

  async serverUsage(): Promise<Usage> {
    return await usageOf([this.cluster.server.server.pid()]);
  }

  async workerUsage(): Promise<Usage> {
    return await usageOf([this.#worker.pid]);
  }

  async close(): Promise<void> {
    await this.cluster.close();
  }
}
