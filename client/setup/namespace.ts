import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** gRPC status codes that are answers here, not failures. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const DAY_MS = 86_400_000;
const CALL_TIMEOUT_MS = 10_000;
/** Servers read the list of namespaces every few seconds. */
const USABLE_TIMEOUT_MS = 60_000;
const USABLE_POLL_MS = 500;

/** True when the namespace is there. */
export async function namespaceExists(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  try {
    await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return false;
    throw error;
  }
}

/** Creates the namespace when it is not there, and waits until it can be used. Returns whether it was created. */
export async function ensureNamespace(client: Client, retentionDays: number): Promise<boolean> {
  if (await namespaceExists(client)) return false;
  const { namespace } = client.options;
  try {
    await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: msToTs(retentionDays * DAY_MS),
      }),
    );
  } catch (error) {
    if (codeOf(error) !== ALREADY_EXISTS) throw error;
  }
  await waitUntilUsable(client);
  return true;
}

/** A namespace is described at once but served only when the servers have read it anew. */
async function waitUntilUsable(client: Client): Promise<void> {
  const deadline = Date.now() + USABLE_TIMEOUT_MS;
  for (;;) {
    try {
      await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => client.workflow.count());
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(USABLE_POLL_MS);
    }
  }
}

function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error) return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
