import type { Logger } from 'pino';
import type { Notification } from '../../../core/notifications.js';

/** What became of one attempt. */
export type SendResult =
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'failed';
      /** For the log and the store; holds no secret. */
      readonly error: string;
      /** The sink asks to be left alone for this long. */
      readonly retryAfterMs?: number;
    };

/** Sends one notification once. Never throws; ends early when the signal is aborted. */
export type Sender = (notification: Notification, signal: AbortSignal) => Promise<SendResult>;

export interface SenderDeps {
  /** Where `${env:NAME}` is looked up, at the moment of use. */
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
}

/** Facts of a notification as sinks give them to others. */
export function toMessage(notification: Notification): Notification {
  const { id, event, level, message, instance, branch, cause, attempt, time, detail } = notification;
  return { id, event, level, message, instance, branch, cause, attempt, time, detail };
}
