import { activityInfo, asyncLocalStorage } from '@temporalio/activity';
import { currentScope, type ActivityScope } from '../resolve/activity-scope.js';

/** One attempt of a cycle, as Temporal counts it. */
export interface AttemptScope extends ActivityScope {
  /** From 1. */
  readonly attempt: number;
  /** When the cycle was asked for: the same for every attempt. Epoch milliseconds. */
  readonly cycleAtMs: number;
}

/** The attempt that is running; outside of Temporal the first one. */
export function currentAttempt(): AttemptScope {
  const scope = currentScope();
  if (asyncLocalStorage.getStore() === undefined) return { ...scope, attempt: 1, cycleAtMs: Date.now() };
  const { attempt, scheduledTimestampMs } = activityInfo();
  return { ...scope, attempt, cycleAtMs: scheduledTimestampMs };
}
