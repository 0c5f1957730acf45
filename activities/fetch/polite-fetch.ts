import type { SiteLimiter, TaskReport } from '../resolve/limiter/index.js';
import { fetchOnce } from './fetch-once.js';
import type { FetchDeps, FetchOutcome, FetchRequest } from './request.js';

export interface PoliteFetchDeps extends FetchDeps {
  /** One for all sources of the process. */
  readonly limiter: SiteLimiter;
  /** What shares a limit, see `rateKeyOf`. */
  readonly rateKey: string;
}

/**
 * `fetchOnce`, when the site has a place for it. A site without one, or that has asked us or a sibling to wait, is not
 * asked: the outcome is `deferred`.
 * @throws the reason of `deps.signal` when it is aborted.
 */
export async function politeFetch(
  request: FetchRequest,
  { limiter, rateKey, ...deps }: PoliteFetchDeps,
): Promise<FetchOutcome> {
  const nowMs = deps.nowMs ?? Date.now;
  const signal = deps.signal ?? new AbortController().signal;
  const limited = await limiter.run(rateKey, signal, async () =>
    reportOf(await fetchOnce(request, deps), nowMs()),
  );
  if (limited.kind === 'ran') return limited.value;
  const { retryAfterMs, isPaused } = limited;
  const wait = `for ${Math.ceil(retryAfterMs / 1_000)} s`;
  return {
    kind: 'deferred',
    untilMs: nowMs() + retryAfterMs,
    because: isPaused ? 'paused' : 'busy',
    detail: isPaused
      ? `${rateKey} is left alone ${wait}`
      : `too many others of ${rateKey} are being fetched; waits ${wait}`,
  };
}

/** Only a wish to be left alone concerns the siblings of a source; any other failure is its own. */
function reportOf(value: FetchOutcome, nowMs: number): TaskReport<FetchOutcome> {
  if (value.kind === 'deferred') {
    const retryAfterMs = Math.max(0, value.untilMs - nowMs);
    return { value, outcome: 'blocked', retryAfterMs, isAsAsked: true };
  }
  if (value.kind === 'failed' && value.cause === 'rate_limited') return { value, outcome: 'blocked' };
  const hasAnswered = value.kind !== 'failed' || value.status !== undefined;
  return { value, outcome: hasAnswered ? 'answered' : 'failed' };
}
