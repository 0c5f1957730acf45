import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createResolveActivities } from '../../activities/resolve/index.js';
import { FETCH_TASK_QUEUE } from '../../core/task-queues.js';
import { runWorkers, SHUTDOWN_FORCE_TIME, SHUTDOWN_GRACE_TIME, type RunningRole } from './running-role.js';

export interface FetcherOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly logger: Logger;
}

/** Resolves under way at the same time in one process; each site has a limit of its own below that. */
const ACTIVITY_SLOTS_MAX = 100;

/** Finds live URLs. */
export async function startFetcher({ connection, namespace, logger }: FetcherOptions): Promise<RunningRole> {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: FETCH_TASK_QUEUE,
    activities: createResolveActivities({ logger: logger.child({ component: 'resolve' }), env: process.env }),
    maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS_MAX,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
  });
  return runWorkers('fetcher', [worker], () => Promise.resolve());
}
