import type { Worker } from '@temporalio/worker';

/** A role that this process plays. */
export interface RunningRole {
  readonly name: string;
  /** Settles when the role has ended; rejects when it could not go on. */
  readonly done: Promise<void>;
  /** Stops taking work, gives what is under way a moment, and waits. Idempotent. */
  close(): Promise<void>;
}

/** How long activities may go on after a worker was told to end: they are short, and recordings are not activities. */
export const SHUTDOWN_GRACE_TIME = '2s';
/** After this the process goes on with its end whatever hangs. */
export const SHUTDOWN_FORCE_TIME = '20s';

/** Runs SDK workers as one role; when one of them fails, the others are ended too. */
export function runWorkers(
  name: string,
  workers: readonly Worker[],
  afterwards: () => Promise<void>,
): RunningRole {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(shutdown));
  const done = Promise.allSettled(runs).then(async (results) => {
    await afterwards();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  // Whoever awaits `done` later still sees the failure; until then it must not end the process.
  done.catch(() => undefined);
  return {
    name,
    done,
    close: async () => {
      shutdown();
      await done.catch(() => undefined);
    },
  };
}
