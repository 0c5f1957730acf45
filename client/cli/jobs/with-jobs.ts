import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import type { Jobs } from '../../library/jobs.js';
import { expandStoreUrl } from '../../setup/store.js';
import { withHoldfast, type ServerOptions } from '../context.js';
import { readClientSettings } from '../settings.js';
import { gatewayOf, type GatewayAddress } from './gateway-address.js';

/** What a command about jobs has when it runs. */
export interface JobsContext {
  readonly jobs: Jobs;
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
  const settings = await readClientSettings(options.config);
  const { createJobs } = await import('../../library/jobs.js');
  return await withHoldfast(options, async ({ client, dataDir }) => {
    const store = await openStoreIfThere(settings.storeUrl);
    try {
      const jobs = createJobs({ client, store: store?.jobs });
      return await run({ jobs, client, dataDir, gateway: gatewayOf(settings.gateway, process.env) });
    } finally {
      await store?.close();
    }
  });
}

/** A store that no worker has made yet knows nothing; one on another machine is asked when it is needed. */
async function openStoreIfThere(storeUrl: string) {
  const url = expandStoreUrl(storeUrl, process.env);
  if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) return undefined;
  const { openStore } = await import('../../../store/index.js');
  return await openStore(url);
}
