import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { HostActivities, PlacementActivities } from '../core/activity-contract.js';
import { classify } from '../core/classify/index.js';
import { createCustody, createTemporalOwner, type Custody } from './custody/index.js';
import { createCommandHandler, createRecordHandler } from './recording/index.js';
import { createAwaitSource } from './resolve/index.js';

export interface HostActivitiesOptions {
  readonly host: string;
  readonly dataDir: string;
  readonly client: Client;
  readonly logger: Logger;
}

/** Everything a device host does for workflows, and the custody that stays when activities come and go. */
export function createActivities({ host, dataDir, client, logger }: HostActivitiesOptions): {
  readonly host: HostActivities;
  readonly placement: PlacementActivities;
  readonly custody: Custody;
} {
  const custody = createCustody({
    dataDir,
    host,
    owner: createTemporalOwner(client),
    classify,
    logger: logger.child({ component: 'custody' }),
    handlers: {
      'record-source': createRecordHandler({ dataDir, logger: logger.child({ component: 'recording' }) }),
      command: createCommandHandler(),
    },
  });
  return {
    host: {
      ...custody.activities,
      awaitSource: createAwaitSource({
        logger: logger.child({ component: 'await-source' }),
        env: process.env,
      }),
    },
    placement: { claimHost: () => Promise.resolve({ host }) },
    custody,
  };
}
