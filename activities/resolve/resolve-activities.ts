import type { Logger } from 'pino';
import type { ResolveActivities, ResolveInput, ResolveResult } from '../../core/activity-contract.js';
import { MissingSecretError, redact, secretsIn, type Environment } from '../secrets/index.js';
import { currentScope, type ActivityScope } from './activity-scope.js';
import type { Classifier } from './classifier.js';
import { SiteLimiter, type TaskReport } from './limiter/index.js';
import { failed, type Resolution } from './resolution.js';
import { resolve, resolveTimeoutMs, siteOf } from './resolvers.js';
import { shorten } from './text.js';

export interface ResolveActivitiesOptions {
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** Where `${env:NAME}` comes from, and the environment of streamlink, yt-dlp and commands. */
  readonly env: Environment;
  readonly classify: Classifier;
  /** Shared by all resolves of the process; a new one by default. */
  readonly limiter?: SiteLimiter;
}

/** Temporal passes on at most one heartbeat in a while; this only has to be often enough. */
const HEARTBEAT_INTERVAL_MS = 5_000;

/** The resolvers as an activity. A verdict is a result: it throws only when it is cancelled. */
export function createResolveActivities(options: ResolveActivitiesOptions): ResolveActivities {
  const limiter = options.limiter ?? new SiteLimiter();
  return {
    async resolveStream(input) {
      const scope = currentScope();
      const heartbeats = setInterval(scope.heartbeat, HEARTBEAT_INTERVAL_MS);
      try {
        const result = await resolveWithinLimits(input, limiter, scope, options);
        return withoutSecrets(result, secretsIn(JSON.stringify(input.resolver), options.env));
      } finally {
        clearInterval(heartbeats);
      }
    },
  };
}

async function resolveWithinLimits(
  { instance, resolver }: ResolveInput,
  limiter: SiteLimiter,
  scope: ActivityScope,
  { env, classify, logger }: ResolveActivitiesOptions,
): Promise<ResolveResult> {
  const ask = () => resolveInTime({ instance, resolver }, scope, { env, classify });
  try {
    const site = siteOf(resolver, env);
    if (site === null) return (await ask()).result;
    const limited = await limiter.run(site, scope.signal, async () => reportOf(await ask()));
    if (limited.kind === 'refused') return busy(site, limited.retryAfterMs);
    if (limited.pausedForMs === 0 || limited.value.result.kind !== 'failed') return limited.value.result;
    logger.warn({ instance, site, pausedForMs: limited.pausedForMs }, 'site has blocked us, pausing');
    const retryAfterMs = Math.max(limited.value.result.retryAfterMs ?? 0, limited.pausedForMs);
    return { ...limited.value.result, retryAfterMs };
  } catch (error) {
    if (error instanceof MissingSecretError) return failed('invalid_config', error.message).result;
    throw error;
  }
}

async function resolveInTime(
  { resolver }: ResolveInput,
  scope: ActivityScope,
  context: { readonly env: Environment; readonly classify: Classifier },
): Promise<Resolution> {
  const timeoutMs = resolveTimeoutMs(resolver);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await resolve(resolver, { ...context, signal: AbortSignal.any([scope.signal, timeout]) });
  } catch (error) {
    scope.signal.throwIfAborted();
    if (timeout.aborted) {
      return failed('http_error', `${resolver.kind}: no answer within ${timeoutMs / 1_000} s`);
    }
    throw error;
  }
}

function reportOf(value: Resolution): TaskReport<Resolution> {
  if (value.blocked === undefined) {
    const isAnswer = value.result.kind !== 'failed' || value.result.cause !== 'http_error';
    return { value, outcome: isAnswer ? 'answered' : 'failed' };
  }
  const { retryAfterMs } = value.blocked;
  return { value, outcome: 'blocked', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function busy(site: string, retryAfterMs: number): ResolveResult {
  const detail = `${site} is left alone for ${Math.ceil(retryAfterMs / 1_000)} s: too many requests`;
  return failed('http_error', detail, retryAfterMs).result;
}

/** Media stays as it is, for it has to work; what is meant for people must not hold secrets. */
function withoutSecrets(result: ResolveResult, secrets: readonly string[]): ResolveResult {
  const clean = (text: string) => shorten(redact(text, secrets));
  if (result.kind !== 'live') return { ...result, detail: clean(result.detail) };
  return result.title === undefined ? result : { ...result, title: redact(result.title, secrets) };
}
