import type { CustodyServices } from './services.js';
import type { SupervisedRun } from './supervised-run.js';

/** A feed that has said nothing for this long delivers nothing; ffmpeg reports twice a second. */
const FEED_QUIET_MS = 2_000;

/** True while the branch that feeds this run delivers nothing; false for a run that nothing feeds. */
export function isStarved({ registry }: CustodyServices, { spec }: SupervisedRun): boolean {
  const { workflowId, fedBy } = spec;
  if (fedBy === undefined) return false;
  return !registry.ofBranch(workflowId, fedBy).some(isDelivering);
}

function isDelivering({ phase, lastAdvanceAtMs }: SupervisedRun): boolean {
  return phase === 'running' && lastAdvanceAtMs !== null && Date.now() - lastAdvanceAtMs < FEED_QUIET_MS;
}
