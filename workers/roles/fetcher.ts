import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { RobotsRules, userAgentOf } from '../../activities/fetch/index.js';
import { createDigestSteps } from '../../activities/jobs/digest/index.js';
import { createJobStepActivities, Turns, valuesInStore } from '../../activities/jobs/index.js';
import { createResolveActivities, SiteLimiter } from '../../activities/resolve/index.js';
import { Canaries, createSourceActivities, OutageWatch } from '../../activities/source-cycle/index.js';
import type { JobStepActivities, SourceActivities } from '../../core/activity-contract.js';
import type { Config } from '../../core/config/index.js';
import { FETCH_TASK_QUEUE } from '../../core/task-queues.js';
import type { Store } from '../../store/index.js';
import { holdfastVersion } from '../version.js';
import { runWorkers, SHUTDOWN_FORCE_TIME, SHUTDOWN_GRACE_TIME, type RunningRole } from './running-role.js';

export interface FetcherOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly store: Store;
  readonly config: Pick<Config, 'canary' | 'contact' | 'jobs'>;
  /** Name of this machine and its data directory, where digests are written. */
  readonly host: string;
  readonly dataDir: string;
  readonly logger: Logger;
}

/**
 * Cycles and resolves under way at the same time in one process. A source that hangs holds a slot for 25 s: there must be more
 * slots than such sources, so that they make nobody late. Each site has a limit of its own below that.
 */
const ACTIVITY_SLOTS_MAX = 400;
/** A poll brings one task and takes some 20 ms under load. */
const ACTIVITY_POLLERS = 20;

/** Most of them wait for a database or an endpoint. */
const DIGEST_STEPS_AT_ONCE = 16;

/** Finds live URLs, fetches sources and writes digests. */
export async function startFetcher(options: FetcherOptions): Promise<RunningRole> {
  const { connection, namespace, logger } = options;
  // One for both: a site does not care what it is asked for.
  const limiter = new SiteLimiter();
  const env = process.env;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: FETCH_TASK_QUEUE,
    activities: {
      ...createResolveActivities({ logger: logger.child({ component: 'resolve' }), env, limiter }),
      ...sourceActivities(options, limiter),
      ...jobActivities(options),
    },
    maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS_MAX,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: ACTIVITY_POLLERS },
    // A cycle that is cancelled hears of it only in answer to a heartbeat.
    maxHeartbeatThrottleInterval: '2s',
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
  });
  return runWorkers('fetcher', [worker], () => Promise.resolve());
}

function sourceActivities(
  { store, config, ...rest }: FetcherOptions,
  limiter: SiteLimiter,
): SourceActivities {
  const logger = rest.logger.child({ component: 'sources' });
  const env = process.env;
  const version = holdfastVersion();
  const { contact } = config;
  const canaries = new Canaries(config.canary, env, userAgentOf(version, contact));
  return createSourceActivities({
    store,
    limiter,
    robots: new RobotsRules(),
    outage: new OutageWatch({ store, canaries, logger }),
    env,
    version,
    contact,
  });
}

function jobActivities({ store, config, host, dataDir, logger }: FetcherOptions): JobStepActivities {
  const digest = createDigestSteps({
    store,
    config: config.jobs,
    env: process.env,
    logger: logger.child({ component: 'digest' }),
  });
  return createJobStepActivities({
    dataDir,
    host,
    steps: { digest },
    valuesOf: (jobId) => valuesInStore(store.jobs, jobId),
    turns: new Turns(DIGEST_STEPS_AT_ONCE),
  });
}
