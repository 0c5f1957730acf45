import type { RunEnd, RunHeartbeat, RunKey, RunNews } from '../../core/run.js';

/** Temporal's token of one activity attempt, base64. */
export type TaskToken = string;

/** The right to report to one attempt of the activity that owns a run. */
export interface Lease {
  readonly token: TaskToken;
  /** Without a heartbeat for this long the server schedules the next attempt. */
  readonly heartbeatTimeoutMs: number;
}

/** That a run delivers: the argument of the signal `runStarted`. */
export interface RunStarted {
  readonly runKey: RunKey;
  /** ISO 8601 instant of the first progress, UTC. */
  readonly at: string;
}

/**
 * The side of the workflow, as custody sees it. Every method throws when the server cannot be reached or does not answer in
 * time: that is no news about the owner.
 */
export interface OwnerPort {
  /** `cancelled` also for a paused or reset activity; `unknown` when the server does not know the token (any more). */
  heartbeat(token: TaskToken, details: RunHeartbeat): Promise<'ok' | 'cancelled' | 'unknown'>;
  /** Hands the end of a run to its owner. */
  complete(token: TaskToken, end: RunEnd): Promise<'ok' | 'unknown'>;
  /** True only when the server says that the workflow is closed or not known. */
  ownerIsGone(workflowId: string): Promise<boolean>;
  /** Signals the first progress; resolves when it was accepted or the workflow is gone. */
  runStarted(workflowId: string, started: RunStarted): Promise<void>;
  /** Signals news of a living run; resolves when it was accepted or the workflow is gone. */
  runNews(workflowId: string, news: RunNews): Promise<void>;
}
