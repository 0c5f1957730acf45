import type { Logger } from 'pino';
import type { Config } from '../core/config/index.js';
import type { ConnectionOptions } from '../core/connection-options.js';
import { startDemoSource, type DemoSource } from './demo-source/index.js';
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server/index.js';
import { processSettings } from './settings.js';
import { ROLES, runWorker, type RunningWorker } from './worker.js';

export interface AllInOneOptions {
  readonly config: Config;
  readonly configPath: string;
  /** A Temporal service of its own; the embedded server is started when absent. */
  readonly external?: ConnectionOptions;
  readonly logger: Logger;
}

export interface AllInOne {
  readonly connection: ConnectionOptions;
  readonly address: string;
  readonly uiUrl: string | null;
  readonly dataDir: string;
  readonly host: string;
  /** Address of the demo's live picture; null without one. */
  readonly demoUrl: string | null;
  /** Settles when the workers have ended; rejects when they could not go on. */
  readonly done: Promise<void>;
  /** Ends the workers, then the server. Recordings go on and the next `up` takes them over. Idempotent. */
  close(): Promise<void>;
}

/** Everything on one machine: the embedded Temporal server, all workers, and the demo source if there is to be one. */
export async function startAllInOne(options: AllInOneOptions): Promise<AllInOne> {
  const { config, configPath, logger } = options;
  const { dataDir } = processSettings(config, configPath);
  const server = options.external === undefined ? await startServer(config, dataDir, logger) : undefined;
  let demo: DemoSource | undefined;
  let worker: RunningWorker;
  try {
    demo = await startDemo(config, logger);
    const connection = options.external ?? embeddedConnection(server);
    worker = await runWorker({ roles: ROLES, config, configPath, connection, logger });
    let closing: Promise<void> | undefined;
    const close = async () => {
      await worker.close();
      await demo?.close();
      // Last: until here everything that ends may still report to it.
      await server?.stop();
    };
    return {
      connection,
      address: connection.address,
      uiUrl: server?.uiUrl ?? null,
      dataDir,
      host: worker.host,
      demoUrl: demo?.url ?? null,
      done: worker.done,
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await demo?.close();
    await server?.stop();
    throw error;
  }
}

async function startServer(config: Config, dataDir: string, logger: Logger): Promise<EmbeddedServer> {
  const { port, ui_port } = config.temporal.embedded;
  return await startEmbeddedServer({
    dataDir,
    ...(port === undefined ? {} : { port }),
    ...(ui_port === undefined ? {} : { uiPort: ui_port }),
    logger: logger.child({ component: 'temporal-server' }),
  });
}

function embeddedConnection(server: EmbeddedServer | undefined): ConnectionOptions {
  if (server === undefined) throw new Error('should not happen: neither an embedded nor an external server');
  return { address: server.address, namespace: server.namespace, origin: 'the embedded server' };
}

async function startDemo(config: Config, logger: Logger): Promise<DemoSource | undefined> {
  if (config.demo === undefined) return undefined;
  const [host = '127.0.0.1', port = '7700'] = config.demo.listen.split(/:(?=\d+$)/);
  return await startDemoSource({
    host,
    port: Number(port),
    onError: (error) => logger.warn({ error: error.message }, 'the demo source cannot run'),
  });
}
