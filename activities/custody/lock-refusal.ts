import type { MediaCause } from '../../core/causes.js';
import { HUB_LOCK_PREFIX } from '../../core/hub.js';
import { DEVICE_LOCK_PREFIX, OUTPUT_LOCK_PREFIX } from '../../core/resource-locks.js';
import type { RunSpec } from '../../core/run.js';
import type { LockHolder } from './machine-locks.js';

/** Why a run did not get one of its locks. */
export interface LockRefusal {
  readonly cause: MediaCause;
  readonly detail: string;
}

const UNKNOWN_HOLDER = 'another process';

/**
 * Says who has the lock that a run did not get, in the words of its kind. A hub of another instance or installation stays taken:
 * waiting for it is in vain.
 */
export function lockRefusal(
  lock: string,
  holder: LockHolder | null,
  asking: Pick<RunSpec, 'workflowId'> & { readonly dataDir: string },
): LockRefusal {
  const isOurs = holder?.dataDir === asking.dataDir;
  const named = (name: (holder: LockHolder) => string): string => {
    if (holder === null) return UNKNOWN_HOLDER;
    return isOurs ? name(holder) : `${name(holder)} ${installationOf(holder)}`;
  };
  const isOwnHub = isOurs && holder.workflowId === asking.workflowId;
  if (lock.startsWith(HUB_LOCK_PREFIX) && !isOwnHub) {
    const hub = lock.slice(HUB_LOCK_PREFIX.length);
    const user = named(({ workflowId }) => workflowId);
    const detail = `the hub ${hub} is used by ${user} on this host; give one of the two another \`hub\``;
    return { cause: 'invalid_pipeline', detail };
  }
  if (lock.startsWith(OUTPUT_LOCK_PREFIX)) {
    const user = named(({ workflowId, branch }) => `${workflowId}/${branch}`);
    return { cause: 'encoder_hiccup', detail: `this address is already used by ${user}` };
  }
  const what = lock.startsWith(DEVICE_LOCK_PREFIX) ? 'device busy' : 'a former run still lives';
  return { cause: 'encoder_hiccup', detail: `${what}: held by ${named(({ runKey }) => runKey)}` };
}

function installationOf({ dataDir, pid }: LockHolder): string {
  return `(data folder ${dataDir}${pid === undefined ? '' : `, process ${pid}`})`;
}
