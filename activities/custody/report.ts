import type { RunEnd } from '../../core/run.js';
import type { Verdict } from './run-records.js';
import type { CustodyServices } from './services.js';
import type { SupervisedRun } from './supervised-run.js';

/**
 * Hands the end to the owner, again and again until the server has taken it. A token that the server does not know only means
 * that this attempt is over: then the end waits for the next one, or until nobody is left to be told.
 *
 * @returns null when the custodian was closed first.
 */
export async function reportEnd(
  services: CustodyServices,
  run: SupervisedRun,
  end: RunEnd,
): Promise<Verdict['report'] | null> {
  if (run.verdict !== null && run.verdict.report !== 'pending') return run.verdict.report;
  let pauseMs = services.limits.ownerRetryMinMs;
  while (!run.released) {
    if (run.abandoned) return 'abandoned';
    const lease = run.tokenUnknown ? null : run.lease;
    const answer = lease === null ? 'no owner' : await offer(services, run, lease.token, end);
    if (answer === 'ok') return 'taken';
    if (answer === 'unknown' && run.lease === lease) run.tokenUnknown = true;
    const hasNews = run.abandoned || (run.lease !== lease && !run.tokenUnknown);
    if (hasNews) continue;
    const leaseBefore = run.lease;
    await run.news.wait(pauseMs);
    const { ownerRetryMinMs, ownerRetryMaxMs } = services.limits;
    pauseMs = run.lease === leaseBefore ? Math.min(pauseMs * 2, ownerRetryMaxMs) : ownerRetryMinMs;
  }
  return null;
}

async function offer(
  services: CustodyServices,
  run: SupervisedRun,
  token: string,
  end: RunEnd,
): Promise<'ok' | 'unknown' | 'unreachable'> {
  try {
    return await services.owner.complete(token, { ...end, runKey: run.runKey });
  } catch (error) {
    services.logger.debug({ runKey: run.runKey, err: error }, 'the end of a run could not be reported yet');
    return 'unreachable';
  }
}
