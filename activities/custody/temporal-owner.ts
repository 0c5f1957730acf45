import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { RunEnd, RunHeartbeat } from '../../core/run.js';
import type { OwnerPort, RunStarted, TaskToken } from './owner.js';

/** A call without a deadline may hang for ever behind a dead connection. */
const CALL_DEADLINE_MS = 5_000;

/** Name of the signal with which a workflow learns that its run delivers. */
export const RUN_STARTED_SIGNAL = 'runStarted';

const CLOSED_STATUSES = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** The owner as a Temporal server knows it. */
export function createTemporalOwner(client: Client, callDeadlineMs: number = CALL_DEADLINE_MS): OwnerPort {
  const call = <T>(operation: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + callDeadlineMs, operation);

  return {
    async heartbeat(token: TaskToken, details: RunHeartbeat) {
      try {
        await call(() => client.activity.heartbeat(bytesOf(token), details));
        return 'ok';
      } catch (error) {
        if (error instanceof ActivityNotFoundError) return 'unknown';
        if (isInterruption(error)) return 'cancelled';
        throw error;
      }
    },

    async complete(token: TaskToken, end: RunEnd) {
      try {
        await call(() => client.activity.complete(bytesOf(token), end));
        return 'ok';
      } catch (error) {
        if (error instanceof ActivityNotFoundError) return 'unknown';
        throw error;
      }
    },

    async ownerIsGone(workflowId: string) {
      try {
        const description = await call(() => client.workflow.getHandle(workflowId).describe());
        return CLOSED_STATUSES.has(description.status.name);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return true;
        throw error;
      }
    },

    async runStarted(workflowId: string, started: RunStarted) {
      try {
        await call(() => client.workflow.getHandle(workflowId).signal(RUN_STARTED_SIGNAL, started));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return;
        throw error;
      }
    },
  };
}

function bytesOf(token: TaskToken): Uint8Array {
  return Buffer.from(token, 'base64');
}

/** The server answered, and the token is still good: the workflow turns what it wants into a stop by itself. */
function isInterruption(error: unknown): boolean {
  return (
    error instanceof ActivityCancelledError ||
    error instanceof ActivityPausedError ||
    error instanceof ActivityResetError
  );
}
