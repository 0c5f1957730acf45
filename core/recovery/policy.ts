import type { MediaCause } from '../causes.js';
import {
  retriesOfCause,
  TUNABLE_CAUSES,
  type CaptureRecoveryConfig,
  type RetrySettings,
  type TunableCause,
} from '../config/capture-recovery.js';

/** What is done about one cause. Data, so that a policy can be shown, compared and overridden. */
export type Rule =
  | RetryRule
  /** Stop and watch for something outside; costs no retry budget. */
  | { readonly kind: 'wait'; readonly for: 'signal' | 'live' | 'host' }
  /** Give this branch up, keep the others. */
  | { readonly kind: 'stop_branch' }
  | { readonly kind: 'fail' };

export interface RetryRule {
  readonly kind: 'retry';
  /** Causes that share a budget name the same one. */
  readonly budget: string;
  /** Delay before each attempt; the last one repeats. Must not be empty. */
  readonly delaysMs: readonly number[];
  /** Attempts before `exhausted` applies; null means without limit. */
  readonly maxAttempts: number | null;
  /** At every n-th attempt the source is resolved anew; 1 means always, null never. */
  readonly freshSourceEvery: number | null;
  /** What follows when all attempts are used up. */
  readonly exhausted: { readonly kind: 'fail' } | ConnectionWait | NextRule;
}

/** Another rule, with a budget of its own, goes on from there. */
export interface NextRule {
  readonly kind: 'rule';
  readonly rule: RetryRule;
}

/** Wait for the other side to come back, then take a fresh source and go on with a fresh budget. */
export interface ConnectionWait {
  readonly kind: 'connection_wait';
  readonly maxWaitMs: number;
  /** End the wait as soon as the media host answers. */
  readonly earlyReturn: boolean;
}

export interface Policy {
  /** False turns every retry and connection wait into a stop with a notice. */
  readonly autoRestart: boolean;
  /** Healthy running for this long gives every budget back. */
  readonly resetAfterMs: number;
  readonly rules: Readonly<Record<MediaCause, Rule>>;
}

/** Delay before the n-th quick retry of a stream: at once, 1 s, 2 s, 4 s, then 5 s. */
export const QUICK_RETRY_DELAYS_MS = [0, 1_000, 2_000, 4_000, 5_000] as const;

/** A server error may belong to one address of many: every so many attempts the source is resolved anew. */
const HTTP_FRESH_SOURCE_EVERY = 5;

export interface StreamRecovery {
  readonly quick_retries: number;
  readonly connection_wait: number;
  readonly early_return: boolean;
  readonly http_wait: number;
  readonly reset_after: number;
  readonly auto_restart: boolean;
  readonly max_retries: number;
  readonly retry_delay: number;
}

/** The policy of a stream: lost connections are retried without limit. Durations in milliseconds. */
export function streamPolicy(recovery: StreamRecovery): Policy {
  const exhausted: ConnectionWait = {
    kind: 'connection_wait',
    maxWaitMs: recovery.connection_wait,
    earlyReturn: recovery.early_return,
  };
  const connection: RetryRule = {
    kind: 'retry',
    budget: 'connection',
    delaysMs: QUICK_RETRY_DELAYS_MS,
    maxAttempts: recovery.quick_retries,
    freshSourceEvery: null,
    exhausted,
  };
  return {
    autoRestart: recovery.auto_restart,
    resetAfterMs: recovery.reset_after,
    rules: {
      ...commonRules(recovery),
      network_disconnect: connection,
      stream_timeout: connection,
      url_expired: {
        kind: 'retry',
        budget: 'url_expired',
        delaysMs: [0],
        maxAttempts: 1,
        freshSourceEvery: 1,
        exhausted: { kind: 'rule', rule: { ...connection, freshSourceEvery: 1 } },
      },
      // A stream has no input signal and is placed by its workflow: such a verdict is only a lost source.
      signal_lost: connection,
      host_unavailable: connection,
      http_error: {
        kind: 'retry',
        budget: 'http',
        delaysMs: [recovery.http_wait],
        maxAttempts: null,
        freshSourceEvery: HTTP_FRESH_SOURCE_EVERY,
        exhausted: { kind: 'fail' },
      },
    },
  };
}

/**
 * The policy of an ingest or an output: a fixed number of retries for each cause, a fixed pause apart. An output has no input signal and
 * no show of its own: such a verdict is only a lost connection there. Neither waits for a host: that is the workflow's affair.
 */
export function capturePolicy(recovery: CaptureRecoveryConfig, role: 'ingest' | 'output'): Policy {
  const rules = commonRules(recovery);
  return {
    autoRestart: recovery.auto_restart,
    resetAfterMs: recovery.reset_after,
    rules: {
      ...rules,
      not_live: rules.network_disconnect,
      host_unavailable: rules.network_disconnect,
      signal_lost: role === 'ingest' ? rules.signal_lost : rules.network_disconnect,
    },
  };
}

function fixedRetries(budget: string, maxAttempts: number, delayMs: number): RetryRule {
  return {
    kind: 'retry',
    budget,
    delaysMs: [delayMs],
    maxAttempts,
    freshSourceEvery: null,
    exhausted: { kind: 'fail' },
  };
}

/** Rules that streams and captures share. */
function commonRules(recovery: RetrySettings): Policy['rules'] {
  const retries = TUNABLE_CAUSES.map((cause): [TunableCause, RetryRule] => {
    const { maxRetries, retryDelayMs } = retriesOfCause(recovery, cause);
    return [cause, fixedRetries(cause, maxRetries, retryDelayMs)];
  });
  return {
    ...(Object.fromEntries(retries) as Record<TunableCause, RetryRule>),
    signal_lost: { kind: 'wait', for: 'signal' },
    not_live: { kind: 'wait', for: 'live' },
    host_unavailable: { kind: 'wait', for: 'host' },
    storage_full: { kind: 'stop_branch' },
    read_only_storage: { kind: 'stop_branch' },
    device_not_found: { kind: 'fail' },
    invalid_pipeline: { kind: 'fail' },
    encoder_failure: { kind: 'fail' },
    permission_denied: { kind: 'fail' },
    unauthorized: { kind: 'fail' },
    invalid_config: { kind: 'fail' },
  };
}
