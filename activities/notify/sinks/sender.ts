import type { Logger } from 'pino';
import type { SinkMessage } from './message.js';

/** What became of one attempt. */
export type SendResult =
  | {
      readonly outcome: 'delivered';
      /** Nothing more should be sent for this long. */
      readonly pauseMs?: number;
    }
  | {
      /** The attempt failed; another one may succeed. */
      readonly outcome: 'failed';
      /** For the log and the store; holds no secret. */
      readonly error: string;
      /** The sink asks to be left alone for this long. */
      readonly retryAfterMs?: number;
    }
  | {
      /** The sink will never take this one, e.g. because its token is wrong: no further attempt is made. */
      readonly outcome: 'refused';
      /** The sink's own words; holds no secret. */
      readonly error: string;
    };

/** Sends one message once. Never throws; ends early when the signal is aborted. */
export type Sender = (message: SinkMessage, signal: AbortSignal) => Promise<SendResult>;

export interface SenderDeps {
  /** Where `${env:NAME}` is looked up, at the moment of use. */
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
}
