import { createHmac } from 'node:crypto';
import type { SinkConfig } from '../../../core/config/notify.js';
import { expandSecrets, expandSecretValues, redact, secretsIn } from '../../secrets/index.js';
import { describeRequestError, post } from './http/post.js';
import { verdictOn } from './http/verdict.js';
import { factsOf } from './message.js';
import type { Sender, SenderDeps } from './sender.js';

type WebhookConfig = Extract<SinkConfig, { sink: 'webhook' }>;

/** A proxy answers these while the receiver behind it is being replaced: worth another attempt. */
const PASSING_STATUSES = [401, 403, 404];

/** POST of the message as JSON. */
export function webhookSender(config: WebhookConfig, { env }: SenderDeps): Sender {
  return async (message, signal) => {
    const written = [config.url, config.secret ?? '', ...Object.values(config.headers ?? {})];
    const secrets = written.flatMap((text) => secretsIn(text, env));
    const conceal = (text: string): string => redact(text, secrets);
    try {
      const body = JSON.stringify(factsOf(message));
      const headers = headersOf(config, message.id, body, env);
      const options = { headers, body, timeoutMs: config.timeout, signal };
      const answer = await post(expandSecrets(config.url, env), options);
      return verdictOn(answer, { conceal, passing: PASSING_STATUSES });
    } catch (error) {
      return { outcome: 'failed', error: conceal(describeRequestError(error)) };
    }
  };
}

function headersOf(
  config: WebhookConfig,
  id: string,
  body: string,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const signature =
    config.secret === undefined
      ? {}
      : { 'x-holdfast-signature': `sha256=${hmac(expandSecrets(config.secret, env), body)}` };
  return { ...expandSecretValues(config.headers ?? {}, env), 'idempotency-key': id, ...signature };
}

function hmac(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex');
}
