import { condition, log } from '@temporalio/workflow';
import type { JobInstance } from './instance.js';
import { mirrorProxy } from './proxies.js';

/** Progress reaches the store within this time; what somebody waits for at once. */
const MIRROR_INTERVAL_MS = 5_000;

/** Keeps the store in step with a job, beside its work: a database that is away delays no step. */
export class Mirror {
  readonly #job: JobInstance;
  #isLast = false;
  readonly #running: Promise<void>;

  constructor(job: JobInstance) {
    this.#job = job;
    this.#running = this.#run();
  }

  /** Keeps the end of the job, too. When the database stays away for long, the workflow is the only one that knows it. */
  async finish(): Promise<void> {
    this.#isLast = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const job = this.#job;
    for (;;) {
      await condition(() => job.hasUnsaved || this.#isLast);
      if (!job.hasUnsaved) return;
      await condition(() => job.hasUrgent || this.#isLast, MIRROR_INTERVAL_MS);
      const isLast = this.#isLast;
      if (!(await this.#save()) && isLast) return;
    }
  }

  async #save(): Promise<boolean> {
    const job = this.#job;
    const view = job.view();
    try {
      await mirrorProxy.saveJob({ view, events: job.unsaved() });
      job.savedOffset = view.lastOffset;
      return true;
    } catch (error) {
      log.warn('the store could not be told of the job', { error });
      return false;
    }
  }
}
