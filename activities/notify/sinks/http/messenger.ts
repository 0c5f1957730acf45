import { expandSecrets, redact, secretsIn } from '../../../secrets/index.js';
import type { SinkMessage } from '../message.js';
import type { Sender, SenderDeps, SendResult } from '../sender.js';
import { describeRequestError, post, type HttpAnswer } from './post.js';

/** A request as a messenger wants it. */
export interface MessengerRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A messenger that takes one JSON request for each message. */
export interface Messenger {
  /** Secrets as configured: neither the variables they name nor what stands there in clear gets into errors. */
  readonly secrets: readonly string[];
  /** Settings that are no secrets but may name some. */
  readonly settings?: readonly string[];
  readonly timeoutMs: number;
  /** `expand` puts the values of secrets in. */
  readonly toRequest: (message: SinkMessage, expand: (text: string) => string) => MessengerRequest;
  readonly judge: (answer: HttpAnswer, conceal: (text: string) => string) => SendResult;
}

/** Sends messages to a messenger. A secret that is not set counts as a failure: it may be there after a restart. */
export function messengerSender(messenger: Messenger, { env }: SenderDeps): Sender {
  const expand = (text: string): string => expandSecrets(text, env);
  return async (message, signal) => {
    const { secrets, settings = [] } = messenger;
    const inClear = secrets.filter((text) => !text.includes('${env:'));
    const hidden = [...inClear, ...[...secrets, ...settings].flatMap((text) => secretsIn(text, env))];
    const conceal = (text: string): string => redact(text, hidden);
    try {
      const { url, headers = {}, body } = messenger.toRequest(message, expand);
      const options = { headers, body: JSON.stringify(body), timeoutMs: messenger.timeoutMs, signal };
      return messenger.judge(await post(url, options), conceal);
    } catch (error) {
      return { outcome: 'failed', error: conceal(describeRequestError(error)) };
    }
  };
}
