import { asyncLocalStorage } from '@temporalio/activity';

/** What an activity is told and must tell, also outside of Temporal, where nobody cancels and nobody listens. */
export interface ActivityScope {
  /** Aborted when the activity is cancelled; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Says that we are alive. Cancellation reaches an activity only in answer to it. */
  readonly heartbeat: () => void;
}

/** The scope of the activity that is running; a quiet one when none is. */
export function currentScope(): ActivityScope {
  const context = asyncLocalStorage.getStore();
  if (context === undefined) return { signal: new AbortController().signal, heartbeat: () => undefined };
  return { signal: context.cancellationSignal, heartbeat: () => context.heartbeat() };
}
