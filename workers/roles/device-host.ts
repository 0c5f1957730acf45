import type { Client } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../../activities/index.js';
import { DEVICE_TASK_QUEUE, hostTaskQueue } from '../../core/task-queues.js';
import { runWorkers, SHUTDOWN_FORCE_TIME, SHUTDOWN_GRACE_TIME, type RunningRole } from './running-role.js';

export interface DeviceHostOptions {
  /** Name of this host; it names the task queue and must not change while instances are bound to it. */
  readonly host: string;
  readonly dataDir: string;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  readonly logger: Logger;
}

/** Short activities of all instances of a host at the same time; runs themselves take no slot. */
const ACTIVITY_SLOTS_MAX = 500;

/**
 * The custodian of a host: keeps the processes of its runs. Only one process per data directory does so at a time; a
 * second one stands by and takes over at once when the first ends.
 */
export async function startDeviceHost(options: DeviceHostOptions): Promise<RunningRole> {
  const { host, dataDir, client, logger } = options;
  const activities = createActivities({ host, dataDir, client, logger });
  const { custody } = activities;
  custody.start();
  let closing = false;
  let role: RunningRole | undefined;
  const leading = custody.lead.then(async () => {
    if (closing) return;
    role = runWorkers(`device host ${host}`, await createWorkers(options, activities), () => custody.close());
    logger.info({ host }, 'this worker looks after the host');
    await role.done;
  });
  leading.catch(() => undefined);
  return {
    name: `device host ${host}`,
    done: leading,
    close: async () => {
      closing = true;
      if (role === undefined) await custody.close();
      else await role.close();
    },
  };
}

async function createWorkers(
  { host, connection, namespace }: DeviceHostOptions,
  activities: ReturnType<typeof createActivities>,
): Promise<Worker[]> {
  const common = {
    connection,
    namespace,
    maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS_MAX,
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
    // Cancelling a question to the source must not take long: its heartbeats are not throttled much.
    maxHeartbeatThrottleInterval: '2s',
  } as const;
  return [
    await Worker.create({
      ...common,
      taskQueue: hostTaskQueue(host),
      activities: activities.host,
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 4 },
    }),
    await Worker.create({
      ...common,
      taskQueue: DEVICE_TASK_QUEUE,
      activities: activities.placement,
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
    }),
  ];
}
