import type { HttpCause } from '../causes.js';
import type { SourceConfig } from '../config/source.js';
import { isGood, type CycleOutcome } from './cycle.js';
import type { SuccessRate } from './figures.js';

/** When a source is worth an alert. */
export interface WatchRules {
  /** Failed cycles in a row until it counts as down. */
  readonly downAfter: number;
  /** Good cycles in a row until it counts as up again. */
  readonly upAfter: number;
  /** Smallest share of good cycles in 24 h; null: any. */
  readonly minSuccessRate: number | null;
  /** Longest time without a new item; null: any. */
  readonly silentAfterMs: number | null;
}

/** The rules of a source as configured. */
export function watchRules({ alerts }: Pick<SourceConfig, 'alerts'>): WatchRules {
  return {
    downAfter: alerts.down_after,
    upAfter: alerts.up_after,
    minSuccessRate: alerts.min_success_rate ?? null,
    silentAfterMs: alerts.silent_after ?? null,
  };
}

/** What is remembered between cycles. Plain data; instants in epoch milliseconds. */
export interface Watch {
  readonly confirmed: 'unknown' | 'up' | 'down';
  /** Failed cycles in a row. */
  readonly failures: number;
  /** Good cycles in a row. */
  readonly successes: number;
  /** When the first of the failed cycles in a row was noted; null while there is none. */
  readonly failingSinceMs: number | null;
  readonly rateIsLow: boolean;
  readonly isSilent: boolean;
  /** When the first cycle was noted: silence is counted from then when there never was an item. */
  readonly watchedSinceMs: number | null;
}

export const UNWATCHED: Watch = {
  confirmed: 'unknown',
  failures: 0,
  successes: 0,
  failingSinceMs: null,
  rateIsLow: false,
  isSilent: false,
  watchedSinceMs: null,
};

/** A cycle that has ended, with the figures that alerts go by. */
export interface WatchedCycle {
  readonly source: string;
  readonly outcome: CycleOutcome;
  readonly cause: HttpCause | null;
  readonly detail: string | null;
  readonly nowMs: number;
  /** Of 24 h, this cycle included. */
  readonly dayRate: SuccessRate;
  /** When the last new item was stored; null when there never was one. */
  readonly lastItemMs: number | null;
}

/** Something about one source that a person may want to know. */
export type SourceAlert = { readonly source: string; readonly atMs: number } & (
  | {
      readonly kind: 'down';
      readonly failures: number;
      readonly cause: HttpCause | null;
      readonly detail: string | null;
    }
  | { readonly kind: 'up'; readonly downForMs: number }
  | { readonly kind: 'rate_low' | 'rate_normal'; readonly rate: number; readonly minRate: number }
  | { readonly kind: 'silent'; readonly silentForMs: number }
  | { readonly kind: 'silence_over' }
);

/** Fewer cycles say nothing about a rate. */
const RATE_CYCLES_MIN = 10;
/** A rate that was too low has to be better than the threshold by this much, so that it does not flap. */
const RATE_MARGIN = 0.05;

/** Takes one cycle in: what is remembered from now on, and the alerts it gives rise to. Pure. */
export function stepWatch(
  rules: WatchRules,
  watch: Watch,
  cycle: WatchedCycle,
): { readonly watch: Watch; readonly alerts: readonly SourceAlert[] } {
  const good = isGood(cycle.outcome);
  let next: Watch = { ...watch, watchedSinceMs: watch.watchedSinceMs ?? cycle.nowMs };
  if (good === null) return { watch: next, alerts: [] };
  const alerts: SourceAlert[] = [];
  for (const step of [good ? stepSuccess : stepFailure, stepRate, stepSilence]) {
    const [after, alert] = step(rules, next, cycle);
    next = after;
    if (alert !== null) alerts.push(alert);
  }
  return { watch: next, alerts };
}

type Step = (rules: WatchRules, watch: Watch, cycle: WatchedCycle) => [Watch, SourceAlert | null];

const stepSuccess: Step = (rules, watch, { source, nowMs }) => {
  const successes = watch.successes + 1;
  if (watch.confirmed === 'down' && successes < rules.upAfter) {
    return [{ ...watch, failures: 0, successes }, null];
  }
  const next: Watch = { ...watch, confirmed: 'up', failures: 0, successes, failingSinceMs: null };
  if (watch.confirmed !== 'down') return [next, null];
  const downForMs = nowMs - (watch.failingSinceMs ?? nowMs);
  return [next, { kind: 'up', source, atMs: nowMs, downForMs }];
};

const stepFailure: Step = (rules, watch, { source, nowMs, cause, detail }) => {
  const failures = watch.failures + 1;
  const failingSinceMs = watch.failingSinceMs ?? nowMs;
  const next: Watch = { ...watch, failures, successes: 0, failingSinceMs };
  if (watch.confirmed === 'down' || failures < rules.downAfter) return [next, null];
  return [
    { ...next, confirmed: 'down' },
    { kind: 'down', source, atMs: nowMs, failures, cause, detail },
  ];
};

const stepRate: Step = ({ minSuccessRate: minRate }, watch, { source, nowMs, dayRate }) => {
  const { rate, cycles } = dayRate;
  if (minRate === null) return [{ ...watch, rateIsLow: false }, null];
  if (rate === null) return [watch, null];
  if (!watch.rateIsLow && cycles >= RATE_CYCLES_MIN && rate < minRate) {
    return [
      { ...watch, rateIsLow: true },
      { kind: 'rate_low', source, atMs: nowMs, rate, minRate },
    ];
  }
  if (watch.rateIsLow && rate >= Math.min(minRate + RATE_MARGIN, 1)) {
    return [
      { ...watch, rateIsLow: false },
      { kind: 'rate_normal', source, atMs: nowMs, rate, minRate },
    ];
  }
  return [watch, null];
};

/** Only a source that can be read can be silent: one that cannot is down. */
const stepSilence: Step = ({ silentAfterMs }, watch, { source, nowMs, lastItemMs }) => {
  if (silentAfterMs === null) return [{ ...watch, isSilent: false }, null];
  const silentForMs = nowMs - (lastItemMs ?? watch.watchedSinceMs ?? nowMs);
  const isSilent = silentForMs >= silentAfterMs;
  if (isSilent && !watch.isSilent && watch.failures === 0) {
    return [
      { ...watch, isSilent },
      { kind: 'silent', source, atMs: nowMs, silentForMs },
    ];
  }
  if (!isSilent && watch.isSilent) {
    return [
      { ...watch, isSilent },
      { kind: 'silence_over', source, atMs: nowMs },
    ];
  }
  return [watch, null];
};
