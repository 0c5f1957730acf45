import type { MediaCause } from '../causes.js';
import type { Policy, RetryRule } from './policy.js';

/** A run, a resolve or a probe that ended badly. */
export interface Incident {
  readonly cause: MediaCause;
  /** How long the run had been making progress; 0 when it never did. */
  readonly healthyMs: number;
  /** The site asked not to be tried sooner than this. */
  readonly retryAfterMs?: number;
}

/** What has been used up. Plain data: it is carried over continue-as-new. */
export interface Budget {
  readonly attempts: Readonly<Record<string, number>>;
  /** Connection waits since the source last delivered anything. */
  readonly fruitlessWaits: number;
}

export const FULL_BUDGET: Budget = { attempts: {}, fruitlessWaits: 0 };

/** True when a whole budget would allow more. */
export function hasSpent({ attempts, fruitlessWaits }: Budget): boolean {
  return fruitlessWaits > 0 || Object.keys(attempts).length > 0;
}

/** What follows an incident. */
export type Decision = Action & {
  /** Number of the attempt that the incident ended, counted in the budget of its cause; 1 is the first. */
  readonly attempt: number;
  readonly budget: Budget;
};

type Action =
  | {
      readonly action: 'retry';
      readonly delayMs: number;
      readonly maxAttempts: number | null;
      readonly freshSource: boolean;
    }
  | {
      readonly action: 'wait';
      readonly for: 'connection';
      readonly maxWaitMs: number;
      readonly earlyReturn: boolean;
      /** With early return: ask no sooner than this, doubled for each wait that brought nothing. */
      readonly notBeforeMs: number;
    }
  | { readonly action: 'wait'; readonly for: 'signal' | 'live' | 'host' }
  | { readonly action: 'stop_branch' }
  | {
      readonly action: 'fail';
      /** Retries made before giving up; 0 when the cause allows none. */
      readonly attempts: number;
    };

/** First pause before asking a source again that answered but then delivered nothing. */
const FRUITLESS_WAIT_FIRST_MS = 1_000;

/** Progress for at least this long shows that the source really delivers. */
const DELIVERED_MS = 1_000;

/**
 * Decides what follows an incident. Pure: it knows neither Temporal nor the clock.
 * A budget starts afresh after `policy.resetAfterMs` of healthy running.
 */
export function decide(policy: Policy, incident: Incident, budgetBefore: Budget): Decision {
  const budget = refreshed(policy, incident, budgetBefore);
  const rule = policy.rules[incident.cause];
  switch (rule.kind) {
    case 'wait':
      return { action: 'wait', for: rule.for, attempt: 1, budget };
    case 'stop_branch':
      return { action: 'stop_branch', attempt: 1, budget };
    case 'fail':
      return { action: 'fail', attempts: 0, attempt: 1, budget };
    case 'retry':
      return policy.autoRestart
        ? decideRetry(rule, incident, budget)
        : { action: 'fail', attempts: 0, attempt: 1, budget };
  }
}

function refreshed(policy: Policy, incident: Incident, budget: Budget): Budget {
  if (incident.healthyMs > 0 && incident.healthyMs >= policy.resetAfterMs) return FULL_BUDGET;
  return incident.healthyMs >= DELIVERED_MS ? { ...budget, fruitlessWaits: 0 } : budget;
}

function decideRetry(rule: RetryRule, incident: Incident, budget: Budget): Decision {
  const used = budget.attempts[rule.budget] ?? 0;
  const attempt = used + 1;
  if (rule.maxAttempts === null || used < rule.maxAttempts) {
    const delayMs = rule.delaysMs[Math.min(used, rule.delaysMs.length - 1)] ?? 0;
    return {
      action: 'retry',
      delayMs: Math.max(delayMs, incident.retryAfterMs ?? 0),
      attempt,
      maxAttempts: rule.maxAttempts,
      freshSource: rule.freshSourceEvery !== null && attempt % rule.freshSourceEvery === 0,
      budget: { ...budget, attempts: { ...budget.attempts, [rule.budget]: attempt } },
    };
  }
  if (rule.exhausted.kind === 'rule') return decideRetry(rule.exhausted.rule, incident, budget);
  if (rule.exhausted.kind === 'fail') return { action: 'fail', attempts: used, attempt, budget };
  return {
    action: 'wait',
    for: 'connection',
    maxWaitMs: Math.max(rule.exhausted.maxWaitMs, incident.retryAfterMs ?? 0),
    earlyReturn: rule.exhausted.earlyReturn && incident.retryAfterMs === undefined,
    notBeforeMs: fruitlessPauseMs(budget.fruitlessWaits, rule.exhausted.maxWaitMs),
    attempt,
    // After the wait everything begins anew, but for the pause before a source that never delivers.
    budget: { attempts: {}, fruitlessWaits: budget.fruitlessWaits + 1 },
  };
}

/** 0 the first time, then 1 s, 2 s, 4 s … up to the whole wait. */
function fruitlessPauseMs(fruitlessWaits: number, maxWaitMs: number): number {
  if (fruitlessWaits === 0) return 0;
  return Math.min(FRUITLESS_WAIT_FIRST_MS * 2 ** Math.min(fruitlessWaits - 1, 20), maxWaitMs);
}
