import type { CycleResult, RunCycleInput } from '../../core/source-cycle/index.js';
import { rateKeyOf } from '../fetch/index.js';
import { currentAttempt, type AttemptScope } from './attempt.js';
import { conclude, concludeAgain, failureOf } from './conclude.js';
import type { CycleDeps } from './deps.js';
import { fetchSource, type Fetched } from './fetch-source.js';
import { openCycle, type OpenCycle } from './open-cycle.js';
import { NO_ANSWER } from './verdict.js';

/** A cycle that is over sooner needs none; a longer one can be cancelled within about this time. */
const HEARTBEAT_INTERVAL_MS = 2_000;

/** One attempt of a cycle: fetch, read, keep. The only retries are Temporal's. */
export async function runCycle(
  input: RunCycleInput,
  deps: CycleDeps,
  scope: AttemptScope = currentAttempt(),
): Promise<CycleResult> {
  const heartbeats = setInterval(scope.heartbeat, HEARTBEAT_INTERVAL_MS);
  try {
    const cycle = openCycle(input, scope, deps.env);
    return (await endOfFormerAttempt(cycle, deps)) ?? (await attempt(cycle, deps));
  } finally {
    clearInterval(heartbeats);
  }
}

async function endOfFormerAttempt(cycle: OpenCycle, { store }: CycleDeps): Promise<CycleResult | null> {
  if (cycle.attempt === 1) return null;
  const found = await store.sources.readStoredCycle(cycle.config.id, cycle.id);
  return found === null ? null : concludeAgain(cycle, found);
}

async function attempt(cycle: OpenCycle, deps: CycleDeps): Promise<CycleResult> {
  const unasked = await deps.outage.keepsFromAsking();
  if (unasked !== null) return await conclude(cycle, skipped(cycle, unasked), deps);
  const fetched = await withoutBlame(await fetchSource(cycle, deps), cycle, deps);
  const { verdict } = fetched;
  if (verdict.kind === 'failed' && verdict.retryable && !cycle.isLastAttempt) {
    throw failureOf(verdict.cause, verdict.detail);
  }
  cycle.scope.signal.throwIfAborted();
  return await conclude(cycle, fetched, deps);
}

/** Nobody is asked while the canaries say that we are offline. */
function skipped(cycle: OpenCycle, detail: string): Fetched {
  return { site: rateKeyOf(cycle.config), verdict: { kind: 'skipped', cause: null, detail, ...NO_ANSWER } };
}

/** Takes the attempt as evidence of whether we are online; a source that could not be reached while we are not has not failed. */
async function withoutBlame(fetched: Fetched, cycle: OpenCycle, { outage }: CycleDeps): Promise<Fetched> {
  const { verdict, site } = fetched;
  if (verdict.kind === 'skipped') return fetched;
  const ownOutage = await outage.judge(site, verdict, cycle.isLastAttempt);
  if (ownOutage === null || verdict.kind !== 'failed') return fetched;
  const { status, latencyMs, wireBytes, cause } = verdict;
  const detail = `${ownOutage}: ${verdict.detail}`;
  return { site, verdict: { kind: 'skipped', cause, detail, status, latencyMs, wireBytes } };
}
