import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createSaveJobActivity, startJobStoreHousekeeping } from '../../activities/jobs/index.js';
import { createNotifyActivities, startDispatcher } from '../../activities/notify/index.js';
import { createSourceStatusActivities, startAlertMonitor } from '../../activities/source-cycle/index.js';
import type { Config } from '../../core/config/index.js';
import { ORCHESTRATOR_TASK_QUEUE } from '../../core/task-queues.js';
import type { Store } from '../../store/index.js';
import { runWorkers, SHUTDOWN_FORCE_TIME, SHUTDOWN_GRACE_TIME, type RunningRole } from './running-role.js';

export interface OrchestratorOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly store: Store;
  readonly config: Pick<Config, 'notify' | 'retention' | 'jobs'>;
  readonly logger: Logger;
}

/** A poll brings one task and takes some 20 ms under load: with four of them sources wait for each other while the CPU is idle. */
const WORKFLOW_POLLERS = 20;
/** Half of the polls are for workflows that this worker does not know yet: many may begin at once. */
const NEW_WORKFLOW_POLL_SHARE = 0.5;

/**
 * Workflow code runs on one thread: more tasks than this would only wait for it, and when the machine is busy and many workflows begin
 * at once, longer than the 10 s after which the server gives a task to somebody else.
 */
const WORKFLOW_TASKS_MAX = 30;

/** Runs workflow code, keeps notifications and feeds the sinks. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<RunningRole> {
  const { connection, namespace, store, config, logger } = options;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: ORCHESTRATOR_TASK_QUEUE,
    ...workflowCode(),
    activities: {
      ...createNotifyActivities({ store }),
      ...createSourceStatusActivities({ store }),
      ...createSaveJobActivity({ store }),
    },
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS_MAX,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: WORKFLOW_POLLERS },
    nonStickyToStickyPollRatio: NEW_WORKFLOW_POLL_SHARE,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
  });
  const dispatcher = startDispatcher({
    store,
    sinks: config.notify,
    retentionMs: config.retention.notifications,
    logger: logger.child({ component: 'notify' }),
  });
  const monitor = startAlertMonitor({ store, logger: logger.child({ component: 'alerts' }) });
  const jobs = startJobStoreHousekeeping({
    store,
    retentionMs: config.jobs.retention,
    logger: logger.child({ component: 'jobs' }),
  });
  return runWorkers('orchestrator', [worker], async () => {
    await Promise.all([monitor.close(), dispatcher.close(), jobs.close()]);
  });
}

/** The bundle made by the build; from sources (in tests) the code is bundled on the spot. */
function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const codePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  const compiled = fileURLToPath(new URL('../../workflows/index.js', import.meta.url));
  return { workflowsPath: existsSync(compiled) ? compiled : compiled.replace(/\.js$/, '.ts') };
}
