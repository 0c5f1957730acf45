import { join } from 'node:path';
import { Cluster, until, WorkerProcess } from './cluster.js';
import { FeedServer } from './feed-server.js';
import { LlmServer } from './llm-server.js';
import { observe, observedAt, type Observation } from './observed-process.js';
import { startSource } from './source-cluster.js';

const ITEMS = ['bridge-north', 'bridge-south', 'bridge-east', 'bridge-west'];

/** A Temporal server, a worker, a gateway, and items to make digests of: each program a process of its own. */
export class JobSite {
  readonly cluster: Cluster;
  readonly llm: LlmServer;
  /** Where the gateway serves. */
  readonly url: string;
  readonly worker: WorkerProcess;
  readonly #feeds: FeedServer;
  readonly #gateway: WorkerProcess;

  private constructor(parts: {
    readonly cluster: Cluster;
    readonly llm: LlmServer;
    readonly feeds: FeedServer;
    readonly worker: WorkerProcess;
    readonly gateway: WorkerProcess;
    readonly url: string;
  }) {
    this.cluster = parts.cluster;
    this.llm = parts.llm;
    this.url = parts.url;
    this.worker = parts.worker;
    this.#feeds = parts.feeds;
    this.#gateway = parts.gateway;
  }

  static async start(): Promise<JobSite> {
    const [feeds, llm] = await Promise.all([FeedServer.start(), LlmServer.start()]);
    const cluster = await Cluster.start({
      config: { jobs: { llm: { base_url: llm.baseUrl, model: 'small' } } },
    });
    const worker = await cluster.startWorker('orchestrator,fetch');
    feeds.feed('bridges').items = ITEMS;
    await startSource(cluster, { id: 'bridges', url: feeds.url('bridges'), every: '1h' });
    await cluster.untilState('source/bridges', 'running');
    const { gateway, url } = await startGateway(cluster);
    return new JobSite({ cluster, llm, feeds, worker, gateway, url });
  }

  /** What the gateway uses; with `collect` after its garbage was collected. */
  async observeGateway(how: 'look' | 'collect' = 'look'): Promise<Observation> {
    return await observe(observerOf(this.cluster), how);
  }

  /** Asks for a digest over HTTP. Returns the address of the job. */
  async startDigest(summarizer: 'extractive' | 'llm', maxItems = ITEMS.length): Promise<string> {
    const params = { topic: 'bridge*', period: '24h', summarizer, max_items: maxItems };
    const response = await fetch(`${this.url}/api/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'digest', params }),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`the job was not started: ${response.status} ${text}`);
    return `${this.url}${response.headers.get('location')}`;
  }

  async close(): Promise<void> {
    await this.#gateway.end('SIGKILL');
    await this.cluster.close();
    await Promise.all([this.#feeds.close(), this.llm.close()]);
  }
}

function observerOf(cluster: Cluster): string {
  return join(cluster.folder, 'gateway-observer');
}

async function startGateway(cluster: Cluster): Promise<{ gateway: WorkerProcess; url: string }> {
  const words = ['gateway', '-c', cluster.configPath, '--address', cluster.server.address];
  const gateway = new WorkerProcess(
    [...words, '--listen', '127.0.0.1:0'],
    cluster.folder,
    observedAt(observerOf(cluster)),
  );
  const served = (): string | undefined => /gateway\s+(http:\S+)/.exec(gateway.output)?.[1];
  await until(() => served() !== undefined || gateway.child.exitCode !== null, 30_000, 'the gateway');
  const url = served();
  if (url === undefined) throw new Error(`the gateway ended:\n${gateway.output}`);
  return { gateway, url };
}
