import { isAlive, type ProcessIdentity } from './process-info.js';
import { groupHasMembers, signalEach } from './process-signals.js';
import type { CustodyServices } from './services.js';
import { stopByLadder } from './stop-ladder.js';
import type { SupervisedRun } from './supervised-run.js';

/**
 * Ends what a run has left behind: grandchildren in its group and those that left the group. They are found anew before each
 * signal, since they may still be forking.
 */
export async function cleanLeftovers(services: CustodyServices, run: SupervisedRun): Promise<void> {
  const group = trustedGroup(run);
  let members = await find(services, run, group);
  if (members.length === 0) return;
  services.logger.warn({ runKey: run.runKey, processes: members.length }, 'a run left processes behind');
  const gone = await stopByLadder(
    {
      signal: async (signal) => {
        members = await find(services, run, group);
        signalEach(members, signal);
      },
      isGone: () => !members.some(isAlive),
    },
    services.limits.ladderStepMs,
  );
  if (!gone) services.logger.error({ runKey: run.runKey }, 'a process of an ended run cannot be killed');
}

/** The group number means the run only when we saw its leader end just now; a later worker trusts nothing but the nonce. */
function trustedGroup(run: SupervisedRun): number | null {
  if (run.child === null || run.leader === null) return null;
  run.leftMembers = groupHasMembers(run.leader.pid);
  return run.leftMembers ? run.leader.pid : null;
}

function find(
  services: CustodyServices,
  run: SupervisedRun,
  group: number | null,
): Promise<readonly ProcessIdentity[]> {
  return run.leader === null ? Promise.resolve([]) : services.hunt.find(run.stored.nonce, group);
}
