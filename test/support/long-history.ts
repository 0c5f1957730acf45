import type { Client } from '@temporalio/client';

/** A capture begins a new history when the one it has is longer. */
export const HISTORY_EVENTS = 3_500;
/** Half of what a server keeps while the workflow decides; more would make it begin its task anew. */
const MESSAGES_AT_ONCE = 50;

/** Sends messages that nobody is meant by until the history is too long, or the next execution has begun. */
export async function growHistory(client: Client, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  for (let now = await handle.describe(); now.runId === runId; now = await handle.describe()) {
    // A message that comes in the very moment of the continuation puts it off, so there must be an end of them.
    if (now.historyLength > HISTORY_EVENTS) return;
    await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, () => handle.signal('retry', 'nobody')));
    // It is answered when the messages have been read.
    await handle.query('status');
  }
}
