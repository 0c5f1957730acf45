import { condition, log, workflowInfo } from '@temporalio/workflow';
import type { MediaCause } from '../core/causes.js';
import { describeEvent, type Notification, type NotificationEvent } from '../core/notifications.js';
import { orchestrator } from './proxies.js';

/** How long an ending workflow waits for the store to take its last notifications. */
const LAST_DELIVERY_TIMEOUT_MS = 300_000;

/** What is known about the moment of a notification. */
export interface NotificationFacts {
  readonly branch: string | null;
  readonly cause?: MediaCause;
  readonly attempt?: number;
  readonly detail?: string;
}

/** Hands notifications to the store in order, without ever making the workflow wait for it. */
export class Notifier {
  #sequence: number;
  #pending: Notification[] = [];
  #delivering = false;

  constructor(sequence = 0) {
    this.#sequence = sequence;
  }

  /** The number of the last notification; carried over continue-as-new so that ids stay unique. */
  get sequence(): number {
    return this.#sequence;
  }

  send(event: NotificationEvent, facts: NotificationFacts): void {
    this.#sequence += 1;
    const { workflowId, firstExecutionRunId } = workflowInfo();
    this.#pending.push({
      id: `${workflowId}:${firstExecutionRunId}:${this.#sequence}`,
      event: event.event,
      ...describeEvent(event),
      instance: workflowId,
      branch: facts.branch,
      cause: facts.cause ?? null,
      attempt: facts.attempt ?? null,
      time: new Date().toISOString(),
      detail: facts.detail ?? '',
    });
    void this.#deliver();
  }

  /** Waits until the store has everything; call before completing or continuing as new. */
  async drain(): Promise<void> {
    await condition(() => !this.#delivering && this.#pending.length === 0, LAST_DELIVERY_TIMEOUT_MS);
  }

  async #deliver(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#pending.length > 0) {
        const batch = this.#pending;
        this.#pending = [];
        await orchestrator.recordNotifications(batch);
      }
    } catch (error) {
      // Only a verdict of the store itself ends up here; it must never end a recording.
      log.error('the store refused notifications', { error });
    } finally {
      this.#delivering = false;
    }
  }
}
