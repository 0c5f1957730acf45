import { CancellationScope, condition, log, workflowInfo } from '@temporalio/workflow';
import type { MediaCause } from '../core/causes.js';
import { describeEvent, type Notification, type NotificationEvent } from '../core/notifications.js';
import { orchestrator } from './proxies.js';

/** How long an ending workflow waits for the store to take its last notifications: its end must not depend on it. */
const LAST_DELIVERY_TIMEOUT_MS = 10_000;
/** More than this is not carried over: a store that is away for so long has missed enough. */
const CARRIED_MAX = 200;

/** What a notifier carries over continue-as-new. */
export interface CarriedNotifications {
  /** The number of the last notification: ids stay unique. */
  readonly sequence: number;
  /** Not in the store yet, or perhaps; it knows the ids it has. */
  readonly pending: readonly Notification[];
}

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
  #pending: Notification[];
  #underWay: readonly Notification[] = [];
  #delivering = false;

  constructor(carried?: CarriedNotifications) {
    this.#sequence = carried?.sequence ?? 0;
    this.#pending = [...(carried?.pending ?? [])];
    if (this.#pending.length > 0) this.#deliverSoon();
  }

  /** For the next execution, which goes on delivering: a store that is away keeps no recording waiting. */
  carry(): CarriedNotifications {
    return { sequence: this.#sequence, pending: [...this.#underWay, ...this.#pending].slice(-CARRIED_MAX) };
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
    this.#deliverSoon();
  }

  /** Waits until the store has everything; for a moment at most; call before completing. */
  async drain(): Promise<void> {
    const delivered = () => !this.#delivering && this.#pending.length === 0;
    await condition(delivered, LAST_DELIVERY_TIMEOUT_MS, { summary: 'hand the last notifications over' });
  }

  /** What is told while a message is handled must reach the store although the workflow is cancelled meanwhile. */
  #deliverSoon(): void {
    void CancellationScope.nonCancellable(() => this.#deliver());
  }

  async #deliver(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#pending.length > 0) {
        this.#underWay = this.#pending;
        this.#pending = [];
        await orchestrator.recordNotifications(this.#underWay);
        this.#underWay = [];
      }
    } catch (error) {
      // Only a verdict of the store itself ends up here; it must never end a recording.
      log.error('the store refused notifications', { error });
    } finally {
      this.#delivering = false;
    }
  }
}
