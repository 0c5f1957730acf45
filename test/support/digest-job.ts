import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { keepArtifact } from '../../activities/jobs/artifacts.js';
import { createDigestSteps } from '../../activities/jobs/digest/index.js';
import { foldersOf } from '../../activities/jobs/folders.js';
import { Pace } from '../../activities/jobs/pace.js';
import type { StepContext } from '../../activities/jobs/step-context.js';
import { valuesInStore } from '../../activities/jobs/values.js';
import type { LlmConfig } from '../../core/config/jobs.js';
import { JOB_STEPS, type DigestStepName } from '../../core/jobs/kinds.js';
import { digestParams, type DigestParams } from '../../core/jobs/params.js';
import type { StepProgress } from '../../core/jobs/step.js';
import type { Store } from '../../store/index.js';

const RETENTION_MS = 604_800_000;

export interface DigestJobOptions {
  readonly params?: Record<string, unknown>;
  readonly llm?: LlmConfig;
  readonly env?: Record<string, string>;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** A digest whose steps a test runs one by one, with values in the store and files on disk as in a worker. */
export class DigestJob {
  readonly id = `job/test-${Math.random().toString(36).slice(2)}`;
  readonly logs: string[] = [];
  readonly progress: StepProgress[] = [];
  readonly artifacts: string[] = [];
  readonly controller = new AbortController();
  readonly #store: Store;
  readonly #dataDir: string;
  readonly #params: DigestParams;
  readonly #options: DigestJobOptions;
  #attempt = 0;

  private constructor(store: Store, dataDir: string, options: DigestJobOptions) {
    this.#store = store;
    this.#dataDir = dataDir;
    this.#options = options;
    this.#params = digestParams.parse({ topic: 'bridge', period: '24h', ...options.params });
  }

  static async use(
    store: Store,
    options: DigestJobOptions,
    use: (job: DigestJob) => Promise<void>,
  ): Promise<void> {
    const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-digest-'));
    try {
      await use(new DigestJob(store, dataDir, options));
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }

  /** One attempt of one step. */
  async run(step: DigestStepName): Promise<void> {
    this.#attempt += 1;
    const { llm, env = {} } = this.#options;
    const config = { retention: RETENTION_MS, ...(llm !== undefined && { llm }) };
    const logger = pino({ enabled: false });
    const steps = createDigestSteps({ store: this.#store, config, env, logger });
    await steps[step](this.#params, await this.#context());
  }

  /** Every step once. */
  async runAll(): Promise<void> {
    for (const { name } of JOB_STEPS.digest) await this.run(name);
  }

  async read(name: string): Promise<string> {
    return await readFile(join(foldersOf(this.#dataDir, this.id).artifacts, name), 'utf8');
  }

  /** Titles and texts of the digest. */
  async stories(): Promise<{ title: string; content_text: string; _holdfast: { others: unknown[] } }[]> {
    const feed = JSON.parse(await this.read('digest.json')) as { items: [] };
    return feed.items;
  }

  async #context(): Promise<StepContext> {
    const folders = foldersOf(this.#dataDir, this.id);
    await mkdir(folders.work, { recursive: true });
    const values = valuesInStore(this.#store.jobs, this.id);
    const pace = new Pace(performance.now());
    return {
      jobId: this.id,
      createdAt: this.#options.createdAt ?? new Date().toISOString(),
      attempt: this.#attempt,
      artifactsFolder: folders.artifacts,
      workFolder: folders.work,
      dataDir: this.#dataDir,
      signal: this.controller.signal,
      report: (progress) => this.progress.push(pace.judge(progress, performance.now())),
      log: (level, message) => this.logs.push(`${level}: ${message}`),
      artifact: async (name, mediaType, file) => {
        await keepArtifact(folders, { name, mediaType, file }, 'here');
        this.artifacts.push(name);
      },
      save: (key, value) => values.save(key, value),
      load: (key) => values.load(key),
    };
  }
}
