import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { sinkName, type SinkConfig } from '../../core/config/notify.js';
import type { SinkFilter, Store } from '../../store/index.js';
import { SinkLoop } from './sink-loop.js';
import { concurrencyOf, createSender, sendTimeoutMs, textLimitOf } from './sinks/index.js';

/** What may be under way when we close gets this long. */
const CLOSE_GRACE_MS = 3_000;
/** How often sinks are registered again and the store is tidied up. */
const HOUSEKEEPING_MS = 600_000;
const REGISTER_RETRY_MS = 2_000;
/** Sinks that no process has served for this long are forgotten. */
const SINK_FORGOTTEN_AFTER_MS = 86_400_000;
/** Notifications deleted in one go, so that nobody waits long for the store. */
const DELETE_BATCH = 500;
const DELETE_BATCHES_MAX = 200;
/** Default of `retention.notifications`: 30 days. */
const RETENTION_MS = 2_592_000_000;

export interface DispatcherOptions {
  readonly store: Store;
  readonly sinks: readonly SinkConfig[];
  readonly logger: Logger;
  /** How long notifications are kept; 30 days when absent. */
  readonly retentionMs?: number;
  /** Where `${env:NAME}` is looked up; the environment of the process when absent. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Dispatcher {
  /** Lets what is under way end for up to 3 s, then gives the rest back to the store. */
  close(): Promise<void>;
}

/**
 * Feeds the sinks from the store, each by a loop of its own: notifications, and announcements of new items. Delivery is
 * at least once, with the same id.
 * Any number of processes may do so for the same store. Start it before workers, so that no notification is older
 * than its sinks.
 */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, sinks, logger, env = process.env } = options;
  const startedAt = new Date();
  const closing = new AbortController();
  const abandoning = new AbortController();
  const claimant = randomUUID();
  const loops = sinks.map((sink) => {
    const send = createSender(sink, { env, logger });
    return new SinkLoop({
      name: sinkName(sink),
      send,
      sendTimeoutMs: sendTimeoutMs(sink),
      concurrency: concurrencyOf(sink),
      textLimit: textLimitOf(sink),
      store,
      claimant,
      logger,
    });
  });
  const unsubscribe = store.onRecorded(() => loops.forEach((loop) => loop.poke()));
  const running = Promise.all([
    keepHouse(options, startedAt, closing.signal, () => loops.forEach((loop) => loop.poke())),
    ...loops.map((loop) => loop.run(closing.signal, abandoning.signal)),
  ]);
  return {
    close: async () => {
      unsubscribe();
      closing.abort();
      const grace = setTimeout(() => abandoning.abort(), CLOSE_GRACE_MS);
      await running;
      clearTimeout(grace);
      await store.releaseClaims(claimant).catch((error: unknown) => {
        logger.warn(
          { error: (error as Error).message },
          'claims could not be given back; they expire by themselves',
        );
      });
    },
  };
}

/** Registers the sinks, again and again so that they are not forgotten, and deletes what is too old. */
async function keepHouse(
  options: DispatcherOptions,
  startedAt: Date,
  closing: AbortSignal,
  onRegistered: () => void,
): Promise<void> {
  const { store, sinks, logger, retentionMs = RETENTION_MS } = options;
  while (!closing.aborted) {
    let pauseMs = HOUSEKEEPING_MS;
    try {
      await store.registerSinks(sinks.map(filterOf), startedAt);
      onRegistered();
      const forgotten = await store.forgetSinks(new Date(Date.now() - SINK_FORGOTTEN_AFTER_MS));
      if (forgotten.length > 0)
        logger.info({ sinks: forgotten }, 'sinks that are no longer configured were forgotten');
      await deleteOld(store, new Date(Date.now() - retentionMs), closing);
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'the store cannot be used, trying again');
      pauseMs = REGISTER_RETRY_MS;
    }
    await sleep(pauseMs, undefined, { signal: closing }).catch(() => undefined);
  }
}

async function deleteOld(store: Store, before: Date, closing: AbortSignal): Promise<void> {
  for (let batch = 0; batch < DELETE_BATCHES_MAX && !closing.aborted; batch++) {
    if ((await store.deleteNotifications(before, DELETE_BATCH)) < DELETE_BATCH) return;
  }
}

function filterOf(sink: SinkConfig): SinkFilter {
  return {
    name: sinkName(sink),
    minLevel: sink.min_level,
    ...(sink.instances !== undefined && { instances: sink.instances }),
  };
}
