import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { ok, problem, type CheckResult } from './check-result.js';

/** A poll waits up to a minute on the server, so a healthy worker is seen at least this often. */
const POLLER_AGE_MS_MAX = 90_000;
const CALL_TIMEOUT_MS = 10_000;
/** Workflow and activity, as `temporal.api.enums.v1.TaskQueueType` numbers them. */
const TASK_QUEUE_TYPES = [1, 2] as const;

/** A worker polls the task queue now; with `here`, one of this machine or container. For health checks. */
export async function checkPollers(client: Client, taskQueue: string, here: boolean): Promise<CheckResult> {
  const { namespace } = client.options;
  const answers = await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
    Promise.all(
      TASK_QUEUE_TYPES.map((taskQueueType) =>
        client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK does not export this enum
          taskQueueType,
        }),
      ),
    ),
  );
  const oldest = Date.now() - POLLER_AGE_MS_MAX;
  const identities = answers
    .flatMap((answer) => answer.pollers ?? [])
    .filter((poller) => Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 >= oldest)
    .map((poller) => poller.identity ?? '')
    // The SDK's identities are `<pid>@<host name>`.
    .filter((identity) => !here || identity.endsWith(`@${hostname()}`));
  const name = `task queue ${taskQueue}`;
  if (identities.length > 0) return ok(name, `polled by ${[...new Set(identities)].join(', ')}`);
  const where = here ? ' of this machine' : '';
  return problem(name, `no worker${where} polls it`, 'start it: holdfast worker', true);
}
