import type { Client } from '@temporalio/client';

/** A poll waits up to a minute on the server, so a healthy worker is seen at least this often. */
const POLLER_AGE_MS_MAX = 90_000;
/** Workflow and activity, as `temporal.api.enums.v1.TaskQueueType` numbers them. */
const TASK_QUEUE_TYPES = [1, 2] as const;

/**
 * Identities of the workers that poll a task queue, each once. Throws what the client throws when the server does not answer
 * within the deadline.
 */
export async function recentPollers(
  client: Client,
  taskQueue: string,
  deadlineMs: number,
): Promise<readonly string[]> {
  const { namespace } = client.options;
  const answers = await client.connection.withDeadline(Date.now() + deadlineMs, () =>
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
    .map((poller) => poller.identity ?? '');
  return [...new Set(identities)];
}
