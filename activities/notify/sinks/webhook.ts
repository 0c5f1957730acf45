import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { SinkConfig } from '../../../core/config/notify.js';
import { expandSecrets, expandSecretValues, redact, secretsIn } from '../../secrets/index.js';
import { retryAfterMs } from '../backoff.js';
import { toMessage, type Sender, type SenderDeps, type SendResult } from './sender.js';

type WebhookConfig = Extract<SinkConfig, { sink: 'webhook' }>;

/** Most of an answer that is read: only a line of it is ever shown. */
const ANSWER_BYTES_MAX = 64 * 1024;
const ANSWER_SHOWN_MAX = 200;

/** POST of the notification as JSON, on a connection of its own. */
export function webhookSender(config: WebhookConfig, { env }: SenderDeps): Sender {
  return async (notification, signal) => {
    const written = [config.url, config.secret ?? '', ...Object.values(config.headers ?? {})];
    try {
      const body = JSON.stringify(toMessage(notification));
      const headers = headersOf(config, notification.id, body, env);
      return await post(expandSecrets(config.url, env), { headers, body, timeoutMs: config.timeout, signal });
    } catch (error) {
      const secrets = written.flatMap((text) => secretsIn(text, env));
      return { outcome: 'failed', error: redact(describeError(error), secrets) };
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
  return {
    'user-agent': 'holdfast',
    ...expandSecretValues(config.headers ?? {}, env),
    'content-type': 'application/json; charset=utf-8',
    'idempotency-key': id,
    ...signature,
  };
}

function hmac(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex');
}

async function post(
  url: string,
  options: {
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<SendResult> {
  const agent = new Agent({ pipelining: 0 });
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: options.headers,
      body: options.body,
      dispatcher: agent,
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { outcome: 'delivered' };
    const asked = retryAfterMs(firstOf(answer.headers['retry-after']), Date.now());
    const text = await readSome(answer.body);
    return {
      outcome: 'failed',
      error: `HTTP ${answer.statusCode} ${text}`.trim(),
      ...(asked !== undefined && { retryAfterMs: asked }),
    };
  } finally {
    // The answer may be unread: destroying the agent frees its connection at once.
    await agent.destroy();
  }
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

async function readSome(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString('latin1');
    if (text.length > ANSWER_BYTES_MAX) break;
  }
  return text.replaceAll(/\s+/g, ' ').slice(0, ANSWER_SHOWN_MAX);
}

function describeError(error: unknown): string {
  const { name, message, code } = error as { name?: string; message?: string; code?: string | number };
  if (name === 'TimeoutError') return 'no answer in time';
  return [typeof code === 'string' ? code : undefined, message].filter(Boolean).join(': ');
}
