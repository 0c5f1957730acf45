import { isDeepStrictEqual } from 'node:util';
import { describeChanges } from './config-changes.js';
import { instanceIdOf } from './instance-kinds.js';
import type { DesiredInstance } from './start-instance.js';

/** An instance as the server has it. */
export interface ExistingInstance {
  readonly id: string;
  readonly open: boolean;
  /** It ended well: a person stopped it or the show was over. */
  readonly completed: boolean;
  /** Its config in force or last in force; undefined when it could not be read. */
  readonly config: unknown;
  /** Why the config could not be read, otherwise null. */
  readonly problem: string | null;
}

/**
 * What is to be done about one instance. `left` is running though the file does not list it, `stays_stopped` is
 * listed but was stopped on purpose, `unclear` could not be compared.
 */
export type PlannedAction =
  'start' | 'reconfigure' | 'unchanged' | 'stop' | 'left' | 'stays_stopped' | 'unclear';

export interface PlannedChange {
  readonly id: string;
  readonly action: PlannedAction;
  readonly reason: string;
  /** Null for an instance that the file does not list. */
  readonly desired: DesiredInstance | null;
}

export interface PlanOptions {
  /** Stop what is running but not listed. */
  readonly prune: boolean;
  /** Start what is listed even if it ended well before and its config is the same. */
  readonly startStopped: boolean;
  /** Fills defaults in, so that two ways of writing the same config are equal. */
  readonly normalise: (kind: string, config: unknown) => unknown;
}

/** Compares a file with what is running. Pure; sorted by id. */
export function planApply(
  desired: readonly DesiredInstance[],
  existing: readonly ExistingInstance[],
  options: PlanOptions,
): PlannedChange[] {
  const byId = new Map(existing.map((instance) => [instance.id, instance]));
  const listed = new Map(desired.map((entry) => [instanceIdOf(entry.kind, entry.name), entry]));
  const changes = [...listed].map(([id, entry]) => planListed(id, entry, byId.get(id), options));
  for (const instance of existing) {
    if (!instance.open || listed.has(instance.id)) continue;
    changes.push({
      id: instance.id,
      action: options.prune ? 'stop' : 'left',
      reason: options.prune ? 'not in the file' : 'not in the file; --prune stops it',
      desired: null,
    });
  }
  return changes.sort((left, right) => left.id.localeCompare(right.id));
}

function planListed(
  id: string,
  desired: DesiredInstance,
  existing: ExistingInstance | undefined,
  options: PlanOptions,
): PlannedChange {
  if (existing === undefined) return { id, action: 'start', reason: 'new', desired };
  const before = options.normalise(desired.kind, existing.config);
  const after = options.normalise(desired.kind, desired.config);
  const same = existing.problem === null && isDeepStrictEqual(before, after);
  if (!existing.open) {
    if (existing.completed && same && !options.startStopped) {
      return {
        id,
        action: 'stays_stopped',
        reason: 'it was stopped; `holdfast retry` starts it again',
        desired,
      };
    }
    return { id, action: 'start', reason: existing.completed ? 'was stopped' : 'had failed', desired };
  }
  if (existing.problem !== null) return { id, action: 'unclear', reason: existing.problem, desired };
  return same
    ? { id, action: 'unchanged', reason: '', desired }
    : { id, action: 'reconfigure', reason: describeChanges(desired.kind, before, after), desired };
}
