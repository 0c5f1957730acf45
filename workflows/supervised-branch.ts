import { patched } from '@temporalio/workflow';
import type { MediaCause } from '../core/causes.js';
import type { Policy } from '../core/recovery/policy.js';
import type { Recipe } from '../core/run.js';
import type { BranchRecord } from './branch-record.js';
import type { Control } from './control.js';
import type { HostLink } from './host-link.js';
import type { Notifier } from './notifier.js';

/** What a branch is about to run, or why it cannot. */
export type Prepared =
  | { readonly kind: 'ready'; readonly recipe: Recipe }
  | { readonly kind: 'not_live'; readonly detail: string }
  | {
      readonly kind: 'failed';
      readonly cause: MediaCause;
      readonly detail: string;
      readonly retryAfterMs?: number;
    }
  /** A stop, pause or new configuration came first. */
  | { readonly kind: 'interrupted' };

/** A cheap question to a source: is it back? */
export interface SourceQuestion {
  /** False when nobody answers for such a source, as for UDP. The question is put all the same, and denied at once. */
  readonly mayBeAnswered: boolean;
  ask(timeoutMs: number, notBeforeMs: number): Promise<boolean>;
}

/** One supervised branch: what differs between a stream, an ingest and an output. */
export interface SupervisedBranch {
  readonly workflowId: string;
  /** What a person calls it, e.g. `Recording`. */
  readonly label: string;
  /** What it does while media flows, e.g. `recording`. */
  readonly activity: string;
  /** Put before what the Web UI shows for a timer: of several branches, whose it is, e.g. `live: `. */
  readonly timerPrefix: string;
  /** Of several branches on one host only one says that the host is gone. */
  readonly tellsOfHost: boolean;
  readonly record: BranchRecord;
  readonly control: Control;
  readonly host: HostLink;
  readonly notifier: Notifier;
  policy(): Policy;
  /** The branch of the same instance that feeds this one. */
  readonly fedBy?: string;
  stallTimeoutMs(): number;
  locks(): readonly string[];
  /** Makes the next run ready; `fresh` asks for a new source. */
  prepare(fresh: boolean): Promise<Prepared>;
  /** How the source is asked whether it is back; null when there is nothing to ask for. */
  sourceQuestion(): SourceQuestion | null;
  /** Waits for the next show; false when nobody wants to. `afterShow` is true when one has just ended. */
  awaitLive(detail: string, afterShow: boolean): Promise<boolean>;
  /** The input signal is gone; the branch holds itself back. Absent where there is no signal to lose. */
  signalLost?(detail: string): void;
  /** What goes on when this branch is given up, e.g. `streaming continues`; null when nothing does. */
  whatContinues(): string | null;
  /** Called after every change of state. */
  changed(): void;
  /** The history is long enough: between two runs is the moment to begin a new one. */
  shouldRollOver(): boolean;
}

/** Why a branch was given up. */
export interface Failure {
  readonly kind: 'failed';
  readonly cause: MediaCause;
  readonly detail: string;
}

export type BranchResult =
  { readonly kind: 'stopped'; readonly reason: string } | Failure | { readonly kind: 'rollover' };

/** What the loop does next. */
export type Next =
  | { readonly kind: 'again'; readonly fresh: boolean }
  | { readonly kind: 'end'; readonly result: BranchResult };

export const AGAIN_FRESH: Next = { kind: 'again', fresh: true };

/** Changes the state of a branch and makes it visible. */
export function enter(
  branch: SupervisedBranch,
  state: Parameters<BranchRecord['enter']>[0],
  detail: string,
  nextAttemptAtMs: number | null = null,
): void {
  const nextAttemptAt = nextAttemptAtMs === null ? null : new Date(nextAttemptAtMs).toISOString();
  branch.record.enter(state, detail, now(), nextAttemptAt);
  branch.changed();
}

/**
 * Shows that a run is on its way. Between a loss and the return of media the words of the retry stand, unless a message has put others
 * in their place: a run that was ended for it is `stopping` no longer, and what was resumed is not `paused`.
 */
export function enterStarting(branch: SupervisedBranch, detail: string): void {
  const { inEpisode, state } = branch.record;
  // Workflows of earlier versions have shown nothing here.
  if (inEpisode && (state === 'retrying' || !patched('starting-after-a-message'))) return;
  enter(branch, 'starting', detail);
}

/** The instant of the workflow, ISO 8601. */
export function now(): string {
  return new Date().toISOString();
}
