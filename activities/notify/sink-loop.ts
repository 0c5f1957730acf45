import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TextLimit } from '../../core/announce/index.js';
import type { ClaimedDelivery, Store } from '../../store/index.js';
import { GIVE_UP_AFTER_MS, leaveAloneMs, retryDelayMs } from './backoff.js';
import { messageOf } from './message-of.js';
import type { Sender, SendResult } from './sinks/index.js';

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
  /** Deliveries under way at once, each of another instance. */
  readonly concurrency: number;
  /** How much text an announcement may have. */
  readonly textLimit: TextLimit;
  readonly store: Store;
  /** Names this process among those that share the store. */
  readonly claimant: string;
  readonly logger: Logger;
}

type Unsuccessful<Outcome> = Extract<SendResult, { outcome: Outcome }>;

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
      while (!closing.aborted && this.#leftAloneForMs() === 0) {
        const claimed = await this.#claim();
        if (claimed.length === 0) return POLL_MS;
        await Promise.all(claimed.map((delivery) => this.#deliver(delivery, abandoning)));
      }
      return Math.min(POLL_MS, this.#leftAloneForMs());
    } catch (error) {
      this.#options.logger.warn(
        { sink: this.#options.name, error: (error as Error).message },
        'the store cannot be used, trying again',
      );
      return STORE_RETRY_MS;
    }
  }

  async #claim(): Promise<ClaimedDelivery[]> {
    const { store, name, claimant, sendTimeoutMs, concurrency } = this.#options;
    return await store.claimDeliveries({
      sink: name,
      claimant,
      now: new Date(),
      claimMs: sendTimeoutMs + CLAIM_MARGIN_MS,
      limit: concurrency,
    });
  }

  async #deliver(delivery: ClaimedDelivery, abandoning: AbortSignal): Promise<void> {
    const { store, name, send, textLimit } = this.#options;
    const result = await send(messageOf(delivery, textLimit), abandoning);
    // Cut off by our own end: nobody's failure. The claim is given back when the dispatcher closes.
    if (result.outcome === 'failed' && abandoning.aborted) return;
    switch (result.outcome) {
      case 'delivered':
        this.#leaveAlone(result.pauseMs ?? 0);
        await store.markDelivered({ sink: name, notificationId: delivery.notification.id });
        break;
      case 'failed':
        await this.#fail(delivery, result);
        break;
      case 'refused':
        await this.#refuse(delivery, result);
        break;
    }
  }

  async #fail(delivery: ClaimedDelivery, failure: Unsuccessful<'failed'>): Promise<void> {
    const { store, name, claimant, logger } = this.#options;
    const { id } = delivery.notification;
    const attempts = delivery.attempts + 1;
    const delayMs = retryDelayMs(attempts, Math.random(), failure.retryAfterMs);
    const nextAttemptAt = new Date(Date.now() + delayMs);
    if (failure.retryAfterMs !== undefined)
      this.#leaveAlone(leaveAloneMs(failure.retryAfterMs, Math.random()));
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

  async #refuse(delivery: ClaimedDelivery, refusal: Unsuccessful<'refused'>): Promise<void> {
    const { store, name, logger } = this.#options;
    const { id } = delivery.notification;
    logger.error(
      { sink: name, notification: id, error: refusal.error },
      'a notification was refused for good and is not sent again',
    );
    await store.markRefused({ sink: name, notificationId: id }, refusal.error);
  }

  #leaveAlone(ms: number): void {
    this.#leftAloneUntil = Math.max(this.#leftAloneUntil, Date.now() + ms);
  }

  #leftAloneForMs(): number {
    return Math.max(0, this.#leftAloneUntil - Date.now());
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => undefined);
  }
}
