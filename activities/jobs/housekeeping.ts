import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from '../../store/index.js';
import { tidyJobFiles, type TidyFilesOptions } from './tidy-files.js';

/** How often old jobs are looked for, */
const INTERVAL_MS = 600_000;
/** and how often at least within a retention that is shorter. */
const LOOKS_WITHIN_RETENTION = 2;
/** Jobs deleted in one go, so that nobody waits long for the store. */
const DELETE_BATCH = 100;

export interface JobHousekeeping {
  close(): Promise<void>;
}

/** Removes files of jobs that are over: what was left half made, and everything when the retention has passed. */
export function startJobFileHousekeeping(options: TidyFilesOptions): JobHousekeeping {
  return keepHouse(options, () => tidyJobFiles(options, Date.now()));
}

/** Deletes jobs from the store when the retention has passed. */
export function startJobStoreHousekeeping(options: {
  readonly store: Pick<Store, 'jobs'>;
  readonly retentionMs: number;
  readonly logger: Logger;
}): JobHousekeeping {
  const { store, retentionMs } = options;
  return keepHouse(options, async (closing) => {
    const before = new Date(Date.now() - retentionMs);
    while (!closing.aborted && (await store.jobs.deleteEnded(before, DELETE_BATCH)) === DELETE_BATCH);
  });
}

function keepHouse(
  { logger, retentionMs }: { readonly logger: Logger; readonly retentionMs: number },
  tidy: (closing: AbortSignal) => Promise<void>,
): JobHousekeeping {
  const closing = new AbortController();
  const { signal } = closing;
  const pauseMs = Math.min(INTERVAL_MS, retentionMs / LOOKS_WITHIN_RETENTION);
  const running = (async () => {
    while (!signal.aborted) {
      await tidy(signal).catch((error: unknown) => {
        logger.warn({ error: (error as Error).message }, 'old jobs could not be removed');
      });
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
