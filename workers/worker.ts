import { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../core/config/index.js';
import type { ConnectionOptions } from '../core/connection-options.js';
import { expandSecrets } from '../activities/secrets/index.js';
import { startJobFileHousekeeping, type JobHousekeeping } from '../activities/jobs/index.js';
import { openStore, type Store } from '../store/index.js';
import { connectNative } from './connection/index.js';
import { startDeviceHost } from './roles/device-host.js';
import { startFetcher } from './roles/fetcher.js';
import { startOrchestrator } from './roles/orchestrator.js';
import type { RunningRole } from './roles/running-role.js';
import { processSettings } from './settings.js';
import { installRuntime } from './temporal-runtime.js';

export const ROLES = ['orchestrator', 'device', 'fetch'] as const;
export type Role = (typeof ROLES)[number];

export interface WorkerOptions {
  readonly roles: readonly Role[];
  /** Name of this machine as a device host; overrides the configuration. */
  readonly host?: string;
  readonly config: Config;
  /** The file the configuration was read from: relative paths count from there. */
  readonly configPath: string;
  readonly connection: ConnectionOptions;
  readonly logger: Logger;
}

export interface RunningWorker {
  readonly host: string;
  readonly dataDir: string;
  /** Settles when every role has ended; rejects when one could not go on. */
  readonly done: Promise<void>;
  /** Ends the roles in order; recordings go on and are adopted by the next worker. Idempotent. */
  close(): Promise<void>;
}

/** Starts the roles of one process against a Temporal service that is already there. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config, configPath, logger } = options;
  const settings = processSettings(config, configPath);
  const host = options.host ?? settings.host;
  const { dataDir } = settings;
  await installRuntime(logger);
  const connection = await connectNative(options.connection);
  const needsStore = options.roles.includes('orchestrator') || options.roles.includes('fetch');
  const store = needsStore
    ? await openMigratedStore(expandSecrets(settings.storeUrl, process.env))
    : undefined;
  const { namespace } = options.connection;
  const client = new Client({ connection, namespace });
  const roles: RunningRole[] = [];
  const housekeeping: JobHousekeeping[] = [];
  const closeAll = async () => {
    await Promise.all([...roles, ...housekeeping].map((part) => part.close()));
    await store?.close();
    await connection.close();
  };
  try {
    if (store !== undefined && options.roles.includes('orchestrator')) {
      roles.push(await startOrchestrator({ connection, namespace, store, config, logger }));
    }
    if (store !== undefined && options.roles.includes('fetch')) {
      roles.push(await startFetcher({ connection, namespace, store, config, host, dataDir, logger }));
    }
    if (options.roles.includes('device')) {
      roles.push(await startDeviceHost({ host, dataDir, connection, client, namespace, logger }));
    }
    // Jobs leave files where devices and fetchers are.
    if (options.roles.some((role) => role !== 'orchestrator')) {
      const retentionMs = config.jobs.retention;
      housekeeping.push(startJobFileHousekeeping({ dataDir, client, retentionMs, logger }));
    }
  } catch (error) {
    await closeAll();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll());
  return { host, dataDir, done: firstFailureOrAll(roles, close), close };
}

async function openMigratedStore(url: string): Promise<Store> {
  const store = await openStore(url);
  await store.migrate();
  return store;
}

/** One role that fails ends the process's other roles: whoever restarts the process restarts them all. */
async function firstFailureOrAll(roles: readonly RunningRole[], close: () => Promise<void>): Promise<void> {
  try {
    await Promise.all(roles.map((role) => role.done));
  } catch (error) {
    await close();
    throw error;
  }
}
