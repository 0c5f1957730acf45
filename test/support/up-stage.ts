import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { readManifest, type SegmentLine } from '../../core/manifest/index.js';
import { until, WorkerProcess } from './cluster.js';
import { FeedServer } from './feed-server.js';
import { freePort } from './free-port.js';
import { startLiveSource, type LiveSource } from './live-source/index.js';
import { LlmServer } from './llm-server.js';
import { stopEverythingOf } from './processes-of.js';

const ITEMS = ['bridge-north', 'bridge-south', 'bridge-east'];
const UP_MS = 90_000;

interface Ports {
  readonly server: number;
  readonly webUi: number;
  readonly gateway: number;
}

/** All of it in one process, as a new user has it: `up` with its server, its Web UI, a stream, a source, and a gateway with a token. */
export class UpStage {
  static readonly token = 'secret-of-the-test';
  readonly #connection: Connection;
  readonly client: Client;

  private constructor(
    private readonly folder: string,
    private readonly ports: Ports,
    private readonly process: WorkerProcess,
    readonly llm: LlmServer,
    private readonly servers: { readonly feeds: FeedServer; readonly live: LiveSource },
  ) {
    this.#connection = Connection.lazy({ address: `127.0.0.1:${ports.server}` });
    this.client = new Client({ connection: this.#connection });
  }

  /** Runs when the stream has closed segments and the source has brought its items. */
  static async start(): Promise<UpStage> {
    const [feeds, live, llm] = await Promise.all([FeedServer.start(), startLiveSource(), LlmServer.start()]);
    feeds.feed('bridges').items = ITEMS;
    const ports = { server: await freePort(), webUi: await freePort(), gateway: await freePort() };
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-up-stage-'));
    const url = feeds.url('bridges');
    const config = {
      temporal: { embedded: { port: ports.server, ui_port: ports.webUi } },
      gateway: { listen: `127.0.0.1:${ports.gateway}`, token: '${env:HOLDFAST_TOKEN}' },
      jobs: { llm: { base_url: llm.baseUrl, model: 'small' } },
      sources: [{ id: 'bridges', url, every: '1h', allow_private: true, allow_fast: true }],
      streams: [{ id: 'alice', resolver: { kind: 'direct', url: live.urls.ts }, record: { segment: '2s' } }],
    };
    await writeFile(join(folder, 'holdfast.yaml'), stringify(config));
    const up = new WorkerProcess(['up', '-c', 'holdfast.yaml', '--plain'], folder, {
      HOLDFAST_TOKEN: UpStage.token,
    });
    const stage = new UpStage(folder, ports, up, llm, { feeds, live });
    await stage.#untilReady();
    return stage;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  /** Temporal's own Web UI. */
  get webUiUrl(): string {
    return `http://127.0.0.1:${this.ports.webUi}`;
  }

  /** Asks the gateway as a program with the token would. */
  async ask(path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${UpStage.token}`, 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return await fetch(`${this.url}${path}`, { headers, ...init });
  }

  async segments(): Promise<readonly SegmentLine[]> {
    const file = join(this.folder, 'data', 'recordings', 'stream', 'alice', 'recording', 'manifest.jsonl');
    return readManifest(await readFile(file, 'utf8').catch(() => '')).segments;
  }

  async close(): Promise<void> {
    await this.process.end('SIGTERM');
    await stopEverythingOf(this.folder);
    await this.#connection.close();
    await Promise.all([this.servers.feeds.close(), this.servers.live.close(), this.llm.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const isReady = async (): Promise<boolean> => {
      if (this.process.child.exitCode !== null) throw new Error(`up has ended:\n${this.process.output}`);
      if ((await this.segments()).length < 4) return false;
      const answer = await this.ask('/api/items?source=bridges');
      const { items } = (await answer.json()) as { items?: readonly unknown[] };
      return items?.length === ITEMS.length;
    };
    await until(isReady, UP_MS, () => `segments and items:\n${this.process.output}`);
  }
}
