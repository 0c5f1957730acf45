import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { LocatedConfig } from '../config-file/index.js';
import { expandSetting } from '../config-file/expand-setting.js';
import { connectLazily, type ConnectionOptions } from '../connection/index.js';
import { createHoldfast } from '../library/holdfast.js';
import { describeStore, expandStoreUrl } from '../setup/store.js';
import { openStore, type Store } from '../../store/index.js';
import type { GatewayDeps } from './deps.js';
import { startGateway, type RunningGateway } from './start.js';

export interface RunGatewayOptions {
  readonly config: LocatedConfig;
  /** Overrides `gateway.listen`; port 0 is any free one. */
  readonly listen?: string | undefined;
  /** Take any free port of a loopback address when the wanted one is taken. Default false. */
  readonly otherPortWhenTaken?: boolean;
  readonly connection: ConnectionOptions;
  readonly uiUrl: string | null;
  readonly logger: Logger;
  /** Prometheus text of the SDK's own metrics in this process; null where it exposes none. */
  readonly sdkMetrics: () => Promise<string | null>;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The tables of a store that was away are brought up to date when it is back; asking costs next to nothing. */
const MIGRATE_EVERY_MS = 5_000;

/**
 * Runs the gateway of a configuration. Server and store may be away when it starts, and later: it says so, and goes on
 * when they are back.
 * @throws {GatewayStartError} when the address cannot be listened on, or needs a token.
 */
export async function runGateway(options: RunGatewayOptions): Promise<RunningGateway> {
  const { config, logger } = options;
  const environment = options.environment ?? process.env;
  const { listen, token } = config.gateway;
  // Before anything is opened: a secret that is missing must never open the gateway to everybody.
  const secret = token === undefined ? null : expandSetting('gateway.token', token, environment);
  const store = await openStore(expandStoreUrl(config.store, environment));
  const connected = connectLazily(options.connection);
  const ended = new AbortController();
  const migrating = migrateWhenThere(store, config.store, logger, ended.signal);
  const closeDeps = async (): Promise<void> => {
    ended.abort();
    await migrating;
    await connected.close();
    await store.close();
  };
  const { client } = connected;
  const deps: GatewayDeps = {
    client,
    holdfast: createHoldfast({ client, store: store.jobs }),
    store,
    config,
    dataDir: config.data_dir,
    uiUrl: options.uiUrl,
    logger,
    sdkMetrics: options.sdkMetrics,
    nowMs: Date.now,
  };
  try {
    const gateway = await startGateway({
      listen: options.listen ?? listen,
      token: secret,
      otherPortWhenTaken: options.otherPortWhenTaken ?? false,
      deps,
    });
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await gateway.close();
      await closeDeps();
    };
    return { url: gateway.url, close: () => (closing ??= close()) };
  } catch (error) {
    await closeDeps();
    throw error;
  }
}

/** Ends when the tables are there, or when told to. */
async function migrateWhenThere(
  store: Store,
  url: string,
  logger: Logger,
  ended: AbortSignal,
): Promise<void> {
  for (let told = false; !ended.aborted; told = true) {
    try {
      return await store.migrate();
    } catch (error) {
      const facts = { store: describeStore(url), error: (error as Error).message };
      if (!told)
        logger.warn(facts, 'the store does not answer; the gateway serves what it can and asks it again');
    }
    await sleep(MIGRATE_EVERY_MS, undefined, { signal: ended }).catch(() => undefined);
  }
}
