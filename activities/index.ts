import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { HostActivities, PlacementActivities } from '../core/activity-contract.js';
import { INGEST_BRANCH } from '../core/capture-state.js';
import { classify } from '../core/classify/index.js';
import { createCustody, createTemporalOwner, type Custody } from './custody/index.js';
import { createJobStepActivities, Turns, valuesInFolder } from './jobs/index.js';
import { hostSteps } from './jobs/host-steps.js';
import { createWatchSignal, probeSignal } from './device/index.js';
import { feedAbsence } from './feed-absence.js';
import { createIngestHandler, createPushHandler } from './pipeline/index.js';
import { createTakePreview } from './preview/index.js';
import { createCommandHandler, createHubRecordHandler, createRecordHandler } from './recording/index.js';
import { createAwaitSource } from './resolve/index.js';

export interface HostActivitiesOptions {
  readonly host: string;
  readonly dataDir: string;
  readonly client: Client;
  readonly logger: Logger;
}

/** Each keeps a core or a disk busy, beside recordings that must not suffer. */
const MEDIA_STEPS_AT_ONCE = 2;

/** Everything a device host does for workflows, and the custody that stays when activities come and go. */
export function createActivities(options: HostActivitiesOptions): {
  readonly host: HostActivities;
  readonly placement: PlacementActivities;
  readonly custody: Custody;
} {
  const { host, dataDir, logger } = options;
  const env = process.env;
  const custody = createHostCustody(options);
  return {
    host: {
      ...custody.activities,
      ...createJobStepActivities({
        dataDir,
        host,
        steps: hostSteps,
        valuesOf: (_jobId, workFolder) => valuesInFolder(workFolder),
        turns: new Turns(MEDIA_STEPS_AT_ONCE),
      }),
      awaitSource: createAwaitSource({ logger: logger.child({ component: 'await-source' }), env }),
      watchSignal: createWatchSignal({ logger: logger.child({ component: 'signal' }), env }),
      takePreview: createTakePreview({
        dataDir,
        ffmpegPath: 'ffmpeg',
        logger: logger.child({ component: 'preview' }),
      }),
    },
    placement: { claimHost: () => Promise.resolve({ host }) },
    custody,
  };
}

function createHostCustody({ host, dataDir, client, logger }: HostActivitiesOptions): Custody {
  const recording = { dataDir, logger: logger.child({ component: 'recording' }) };
  const custody: Custody = createCustody({
    dataDir,
    host,
    owner: createTemporalOwner(client),
    classify,
    logger: logger.child({ component: 'custody' }),
    handlers: {
      'record-source': createRecordHandler(recording),
      'capture-ingest': createIngestHandler({
        probeSignal: (probe, signal) => probeSignal(probe, { signal, env: process.env }),
      }),
      'push-hub': createPushHandler(),
      'record-hub': createHubRecordHandler({
        ...recording,
        whyFeedWasAway: (workflowId, fromMs, toMs) =>
          feedAbsence(custody.endsOf(workflowId, INGEST_BRANCH), fromMs, toMs),
      }),
      command: createCommandHandler(),
    },
  });
  return custody;
}
