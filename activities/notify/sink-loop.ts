import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ClaimedDelivery, Store } from '../../store/index.js';
import { GIVE_UP_AFTER_MS, retryDelayMs } from './backoff.js';
import type { Sender, SendResult } from './sinks/index.js';

/** Deliveries under way at once, each of another instance. */
const CONCURRENCY = 8;
/** How often to look for retries that have become due and for what other processes recorded. */
const POLL_MS = 1_000;
/** A claim outlives its attempt by this much. */
const CLAIM_MARGIN_MS = 30_000;
/** Pause after the store itself has failed. */
const STORE_RETRY_MS = 5_000;

export interface SinkLoopOptions {
  readonly name: string;
  readonly send: Sender;
  /** Longest time one attempt can take. */
  readonly sendTimeoutMs: number;
  readonly store: Store;
  /** Names this process among those that share the store. */
  readonly claimant: string;
  readonly logger: Logger;
}

/** Feeds one sink from the outbox. Loops know nothing of each other, so a slow sink delays no other. */
export class SinkLoop {
  readonly #options: SinkLoopOptions;
  #wake = new AbortController();
  #leftAloneUntil = 0;

  constructor(options: SinkLoopOptions) {
    this.#options = options;
  }

  /** Looks for work at once instead of at the next poll. */
  poke(): void {
    this.#wake.abort();
  }

  /** Runs until `closing` is aborted; `abandoning` cuts off what is being sent then. */
  async run(closing: AbortSignal, abandoning: AbortSignal): Promise<void> {
    closing.addEventListener('abort', () => this.poke(), { once: true });
    while (!closing.aborted) {
      this.#wake = new AbortController();
      await this.#pause(await this.#deliverDue(closing, abandoning));
    }
  }

  /** Delivers what is due until nothing is. Returns how long to wait for more. */
  async #deliverDue(closing: AbortSignal, abandoning: AbortSignal): Promise<number> {
    try {
      while (!closing.aborted && Date.now() >= this.#leftAloneUntil) {
        const claimed = await this.#claim();
        if (claimed.length === 0) return POLL_MS;
        await Promise.all(claimed.map((delivery) => this.#deliver(delivery, abandoning)));
      }
      return POLL_MS;
    } catch (error) {
      this.#options.logger.warn(
        { sink: this.#options.name, error: (error as Error).message },
        'the store cannot be used, trying again',
      );
      return STORE_RETRY_MS;
    }
  }

  async #claim(): Promise<ClaimedDelivery[]> {
    const { store, name, claimant, sendTimeoutMs } = this.#options;
    return await store.claimDeliveries({
      sink: name,
      claimant,
      now: new Date(),
      claimMs: sendTimeoutMs + CLAIM_MARGIN_MS,
      limit: CONCURRENCY,
    });
  }

  async #deliver(delivery: ClaimedDelivery, abandoning: AbortSignal): Promise<void> {
    const { store, name, send } = this.#options;
    const key = { sink: name, notificationId: delivery.notification.id };
    const result = await send(delivery.notification, abandoning);
    // Cut off by our own end: nobody's failure. The claim is given back when the dispatcher closes.
    if (result.outcome === 'failed' && abandoning.aborted) return;
    if (result.outcome === 'delivered') await store.markDelivered(key);
    else await this.#fail(delivery, result);
  }

  async #fail(delivery: ClaimedDelivery, failure: Extract<SendResult, { outcome: 'failed' }>): Promise<void> {
    const { store, name, claimant, logger } = this.#options;
    const { id } = delivery.notification;
    const attempts = delivery.attempts + 1;
    const delayMs = retryDelayMs(attempts, Math.random(), failure.retryAfterMs);
    const nextAttemptAt = new Date(Date.now() + delayMs);
    if (failure.retryAfterMs !== undefined) this.#leftAloneUntil = nextAttemptAt.getTime();
    logger.warn(
      {
        sink: name,
        notification: id,
        attempts,
        error: failure.error,
        nextAttemptAt: nextAttemptAt.toISOString(),
      },
      'a notification was not delivered, trying again',
    );
    const key = { sink: name, notificationId: id, claimant };
    await store.markFailed(key, { nextAttemptAt, error: failure.error });
    const givenUp = await store.abandonDeliveries(name, new Date(Date.now() - GIVE_UP_AFTER_MS));
    if (givenUp > 0) {
      logger.error(
        { sink: name, givenUp, error: failure.error },
        `${givenUp} notifications were given up: the sink has not taken them for ${GIVE_UP_AFTER_MS / 3_600_000} h`,
      );
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => undefined);
  }
}
