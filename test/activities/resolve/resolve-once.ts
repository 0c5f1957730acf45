import { resolverSchema, type ResolverConfig } from '../../../core/config/stream.js';
import type { ResolveResult } from '../../../core/activity-contract.js';
import {
  createResolveActivities,
  SiteLimiter,
  type SiteLimiterOptions,
} from '../../../activities/resolve/index.js';
import type { Environment } from '../../../activities/secrets/index.js';

const silent = { debug: () => undefined, warn: () => undefined };

/** Resolves like a fetcher does, from an entry as people write it. */
export function resolver(options: { env?: Environment; limiter?: SiteLimiterOptions } = {}) {
  const activities = createResolveActivities({
    logger: silent,
    env: options.env ?? process.env,
    limiter: new SiteLimiter({
      ...options.limiter,
      settings: { minSpacingMs: 0, ...options.limiter?.settings },
    }),
  });
  return (config: unknown): Promise<ResolveResult> =>
    activities.resolveStream({ instance: 'stream/test', resolver: parse(config) });
}

function parse(config: unknown): ResolverConfig {
  return resolverSchema.parse(config);
}
