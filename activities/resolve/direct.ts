import type { ResolverConfig } from '../../core/config/stream.js';
import { expandSecretValues, expandSecrets, MissingSecretError } from '../secrets/index.js';
import { HttpFailure } from './http/failure.js';
import { discard, openUrl } from './http/request.js';
import { withUserAgent } from './http/user-agent.js';
import { mediaFormat } from './media.js';
import { live, notLive, type Resolution, type ResolveContext } from './resolution.js';
import { asDetail } from './text.js';

type DirectConfig = Extract<ResolverConfig, { kind: 'direct' }>;

/** Longer than a healthy media host takes to begin; a slow one is the run's matter. */
const CHECK_TIMEOUT_MS = 5_000;

/**
 * The address is known, there is no site to ask. It is looked at only to tell "no show" (404, 410) from trouble: whatever
 * else is wrong, the run itself says better.
 */
export async function resolveDirect(config: DirectConfig, context: ResolveContext): Promise<Resolution> {
  const status = await statusOf(config, context);
  if (status === 404 || status === 410) {
    return notLive(`${asDetail(config.url)} answered ${status}: there is no show`);
  }
  return live({
    url: config.url,
    format: mediaFormat(config.url),
    ...(config.headers === undefined ? {} : { headers: config.headers }),
  });
}

/** Null when the address cannot be asked or does not answer. */
async function statusOf(config: DirectConfig, { env, signal }: ResolveContext): Promise<number | null> {
  if (!/^(https?:|\$\{env:)/i.test(config.url)) return null;
  try {
    const { status, body } = await openUrl({
      url: expandSecrets(config.url, env),
      headers: expandSecretValues(withUserAgent(config.headers), env),
      signal: AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]),
      purpose: 'media',
    });
    discard(body);
    return status;
  } catch (error) {
    signal.throwIfAborted();
    // A secret that only the recording host has is no reason not to try there.
    if (error instanceof HttpFailure || error instanceof MissingSecretError || isTimeout(error)) return null;
    throw error;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
