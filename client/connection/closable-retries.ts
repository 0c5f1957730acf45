import { setTimeout as sleep } from 'node:timers/promises';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/** A retry is at most this far away, so that a connection with a call that waits for one is closed in this time. */
const RETRY_DELAY_MAX_MS = 1_000;

/** Retries of a connection's calls that can be brought to an end. */
export interface ClosableRetries {
  readonly interceptor: ReturnType<typeof makeGrpcRetryInterceptor>;
  /** No call is tried again from now on; resolves when none waits any more. */
  close(): Promise<void>;
}

/**
 * The retries of the Temporal client, with an end: its own go on after the connection was closed, and one that finds its channel
 * shut down throws in a timer, which ends the process.
 */
export function closableRetries(): ClosableRetries {
  const usual = defaultGrpcRetryOptions();
  let closed = false;
  let lastRetryAtMs = 0;
  const interceptor = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closed && usual.retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const delayMs = Math.min(usual.delayFunction(attempt, status), RETRY_DELAY_MAX_MS);
      lastRetryAtMs = Math.max(lastRetryAtMs, performance.now() + delayMs);
      return delayMs;
    },
  });
  return {
    interceptor,
    async close() {
      closed = true;
      // Timers fire in whole milliseconds, and in order: ours is behind the last of theirs.
      const waitMs = Math.ceil(lastRetryAtMs - performance.now()) + 2;
      if (waitMs > 2) await sleep(waitMs);
    },
  };
}
