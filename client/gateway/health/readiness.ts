import { FETCH_TASK_QUEUE, ORCHESTRATOR_TASK_QUEUE } from '../../../core/task-queues.js';
import { OWN_OUTAGE_NAME } from '../../../core/source-health/index.js';
import { recentPollers } from '../../health/pollers.js';
import { callServer } from '../../library/server-call.js';
import { CachedRead } from '../cached-read.js';
import type { GatewayDeps } from '../deps.js';

/** Whether a part that the gateway needs answers. */
export interface PartCheck {
  readonly ok: boolean;
  /** In words; null when it is ok. */
  readonly problem: string | null;
}

export interface Readiness {
  readonly temporal: PartCheck;
  readonly store: PartCheck;
  /** Workers that poll, by role; null when the server cannot be asked. They are told, and do not make the gateway ready. */
  readonly workers: { readonly orchestrator: number; readonly fetch: number } | null;
}

/** Nobody waits longer than this for one part. */
export const CHECK_TIMEOUT_MS = 2_000;
/** The server's answer: a little less, so that it is the server's silence that is told. */
const SERVER_DEADLINE_MS = 1_500;
/** Many may ask for health at once: the parts are asked once a second. */
const MAX_AGE_MS = 1_000;

const OK: PartCheck = { ok: true, problem: null };

export function isReady({ temporal, store }: Readiness): boolean {
  return temporal.ok && store.ok;
}

/** Asks server and store whether they are there, each for up to 2 s and never twice at the same time. */
export function createReadiness({
  client,
  store,
}: Pick<GatewayDeps, 'client' | 'store'>): () => Promise<Readiness> {
  const limits = { maxAgeMs: MAX_AGE_MS, timeoutMs: CHECK_TIMEOUT_MS };
  const pollers = async (taskQueue: string): Promise<number> =>
    (await recentPollers(client, taskQueue, SERVER_DEADLINE_MS)).length;
  const workers = new CachedRead(
    async () =>
      await callServer(
        client,
        'ask for the workers',
        async () => {
          const [orchestrator, fetch] = await Promise.all([
            pollers(ORCHESTRATOR_TASK_QUEUE),
            pollers(FETCH_TASK_QUEUE),
          ]);
          return { orchestrator, fetch };
        },
        SERVER_DEADLINE_MS,
      ),
    limits,
  );
  const stored = new CachedRead(async () => await store.readShared(OWN_OUTAGE_NAME), limits);
  return async () => {
    const [asked, read] = await Promise.allSettled([workers.get(), stored.get()]);
    return {
      temporal: checkOf(asked),
      store: checkOf(read),
      workers: asked.status === 'fulfilled' ? asked.value : null,
    };
  };
}

function checkOf(outcome: PromiseSettledResult<unknown>): PartCheck {
  if (outcome.status === 'fulfilled') return OK;
  const { reason } = outcome as { readonly reason: unknown };
  return { ok: false, problem: reason instanceof Error ? reason.message : String(reason) };
}
