import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, until, WorkerProcess } from './cluster.js';
import { FeedServer } from './feed-server.js';
import { freePort } from './free-port.js';
import { startLiveSource, type LiveSource } from './live-source/index.js';
import { SignalledCapture } from './signalled-capture.js';
import { startSource } from './source-cluster.js';

/** Where the links to Temporal's Web UI lead. Nobody follows them here. */
export const UI_URL = 'http://127.0.0.1:8233';

/** A whole installation with something of everything that the page shows; the gateway is a process that can be killed. */
export class DashboardStage {
  private gateway: WorkerProcess | undefined;

  private constructor(
    readonly cluster: Cluster,
    readonly live: LiveSource,
    readonly feeds: FeedServer,
    readonly capture: SignalledCapture,
    private readonly port: number,
  ) {}

  /** A capture with outputs, a stream that has lost its source once, a good and a bad source, and a digest that was made. */
  static async start(): Promise<DashboardStage> {
    const [cluster, live, feeds, port] = await Promise.all([
      Cluster.start(),
      startLiveSource(),
      FeedServer.start(),
      freePort(),
    ]);
    await cluster.startWorker();
    feeds.feed('news').items = ['bridge-north', 'bridge-south', 'weather'];
    await startSource(cluster, { id: 'news', url: feeds.url('news'), every: '1h' });
    // A feed is no JSON: it cannot be read, ever.
    const parse = { kind: 'json', items: 'data[]', title: 'title' };
    const breaker = { failures: 2 };
    await startSource(cluster, { id: 'broken', url: feeds.url('broken'), every: '1s', parse, breaker });
    await cluster.startStream({
      id: 'alice',
      resolver: { kind: 'direct', url: live.urls.ts },
      record: { segment: '2s' },
    });
    const capture = await SignalledCapture.start(cluster, 'studio', {
      // Only what the test says, by word or by button, changes the signal.
      probe: { debounce: '1s', stable: '60s' },
      outputs: [
        { name: 'tape', kind: 'record', segment: '2s' },
        { name: 'live', kind: 'push', url: `file://${cluster.folder}/live.ts` },
      ],
    });
    const stage = new DashboardStage(cluster, live, feeds, capture, port);
    await stage.startGateway();
    await stage.makeGap();
    await capture.untilAllRun();
    return stage;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async startGateway(): Promise<void> {
    const listen = `127.0.0.1:${this.port}`;
    const { configPath, server, folder } = this.cluster;
    const args = ['gateway', '-c', configPath, '--address', server.address, '--listen', listen];
    const gateway = new WorkerProcess([...args, '--ui-url', UI_URL], folder);
    this.gateway = gateway;
    await until(
      () => gateway.output.includes('gateway     ') || gateway.child.exitCode !== null,
      30_000,
      () => `the gateway to serve: ${gateway.output}`,
    );
    if (gateway.child.exitCode !== null) throw new Error(`the gateway ended:\n${gateway.output}`);
  }

  async killGateway(): Promise<void> {
    await this.gateway?.end('SIGKILL');
  }

  /** Asks the gateway as a program would, for comparison. */
  async json<Document>(path: string): Promise<Document> {
    return (await (await fetch(`${this.url}${path}`)).json()) as Document;
  }

  async close(): Promise<void> {
    await this.gateway?.end('SIGKILL');
    await this.cluster.close();
    await Promise.all([this.live.close(), this.feeds.close()]);
  }

  /** The source of the stream is away for some seconds; a closed segment lies on both sides of the hole. */
  private async makeGap(): Promise<void> {
    const segments = async (): Promise<number> =>
      (await this.cluster.manifest('stream/alice')).filter(({ type }) => type === 'segment').length;
    await until(async () => (await segments()) > 0, 40_000, 'a segment of the stream');
    const before = await segments();
    await this.live.refuse(2_000);
    await sleep(500);
    await until(async () => (await segments()) > before + 1, 60_000, 'segments after the gap');
  }
}
