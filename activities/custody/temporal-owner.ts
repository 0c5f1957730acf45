import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { RunEnd, RunHeartbeat, RunNews } from '../../core/run.js';
import type { OwnerPort, RunStarted, TaskToken } from './owner.js';

/** A call without a deadline may hang for ever behind a dead connection. */
const CALL_DEADLINE_MS = 5_000;

/** Name of the signal with which a workflow learns that its run delivers. */
export const RUN_STARTED_SIGNAL = 'runStarted';
/** Name of the signal that carries news of a living run. */
export const RUN_NEWS_SIGNAL = 'runNews';

const CLOSED_STATUSES = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** The owner as a Temporal server knows it. */
export function createTemporalOwner(client: Client, callDeadlineMs: number = CALL_DEADLINE_MS): OwnerPort {
  const call = <T>(operation: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + callDeadlineMs, operation);

  const signal = async (workflowId: string, name: string, payload: RunStarted | RunNews): Promise<void> => {
    try {
      await call(() => client.workflow.getHandle(workflowId).signal(name, payload));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      throw error;
    }
  };

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

    runStarted: (workflowId, started) => signal(workflowId, RUN_STARTED_SIGNAL, started),
    runNews: (workflowId, news) => signal(workflowId, RUN_NEWS_SIGNAL, news),
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
