import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import type { Holdfast } from '../../library/holdfast.js';
import type { Jobs } from '../../library/jobs.js';
import { expandStoreUrl } from '../../setup/store.js';
import { withHoldfast, type CommandContext, type ServerOptions } from '../context.js';
import { readClientSettings } from '../settings.js';
import { gatewayOf, type GatewayAddress } from './gateway-address.js';

/** What a command about jobs has when it runs. */
export interface JobsContext {
  readonly jobs: Jobs;
  /** Knows the store, too. */
  readonly holdfast: Holdfast;
  readonly client: Client;
  /** Absolute. */
  readonly dataDir: string;
  /** Where the gateway of the configuration should be; nobody has looked whether it is there. */
  readonly gateway: GatewayAddress;
}

/** Connects to the server, and to the store where there is one, and closes both again. */
export async function withJobs<Result>(
  options: ServerOptions,
  run: (context: JobsContext) => Promise<Result>,
): Promise<Result> {
  return await withHoldfast(options, (context) => withStore(context, options, run));
}

/** The same for a command that has found out that a job is meant when it is connected. */
export async function withStore<Result>(
  { client, dataDir }: CommandContext,
  options: ServerOptions,
  run: (context: JobsContext) => Promise<Result>,
): Promise<Result> {
  const [settings, { createJobs }, { createHoldfast }] = await Promise.all([
    readClientSettings(options.config),
    import('../../library/jobs.js'),
    import('../../library/holdfast.js'),
  ]);
  const store = await openStoreIfThere(settings.storeUrl);
  try {
    const jobs = createJobs({ client, store: store?.jobs });
    const holdfast = createHoldfast({ client, ...(store === undefined ? {} : { store: store.jobs }) });
    const gateway = gatewayOf(settings.gateway, process.env);
    return await run({ jobs, holdfast, client, dataDir, gateway });
  } finally {
    await store?.close();
  }
}

/** A store that no worker has made yet knows nothing; one on another machine is asked when it is needed. */
async function openStoreIfThere(storeUrl: string) {
  const url = expandStoreUrl(storeUrl, process.env);
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) return undefined;
  const { openStore } = await import('../../../store/index.js');
  return await openStore(url);
}
