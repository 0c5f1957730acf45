import {
  breakerRules,
  CLOSED,
  stepBreaker,
  type Breaker,
  type BreakerEvent,
  type BreakerRules,
} from '../breaker/index.js';
import type { HttpCause } from '../causes.js';
import type { SourceConfig } from '../config/source.js';
import { effectiveIntervalMs, nextAttemptMs, type Schedule } from '../schedule/index.js';
import {
  isGood,
  stepWatch,
  UNWATCHED,
  watchRules,
  type CycleOutcome,
  type SourceAlert,
  type SourceStatus,
  type SuccessRate,
  type Watch,
} from '../source-health/index.js';

/**
 * Why the last cycle of a source was deferred.
 * - `asked`: its site said until when.
 * - `paused`: nobody was asked, because the site has asked another source of it to wait, or has blocked us.
 * - `busy`: nobody was asked, because enough others of the same site were.
 */
export type Deferral = 'asked' | 'paused' | 'busy';

/** What a source remembers from cycle to cycle. Plain data; instants in epoch milliseconds. */
export interface SourceMemory {
  readonly breaker: Breaker;
  readonly watch: Watch;
  /** Until when the last cycle was deferred; null when it was not. */
  readonly deferredUntilMs: number | null;
  /** Absent when it was not, and when that is not known. */
  readonly deferral?: Deferral | undefined;
  /** When the last cycle began; null before the first one. */
  readonly lastBeganMs: number | null;
  /** How long the feed says that it stays the same, and the server that its answer does; null when they do not say. */
  readonly ttlMs: number | null;
  readonly freshForMs: number | null;
}

export const NEW_SOURCE: SourceMemory = {
  breaker: CLOSED,
  watch: UNWATCHED,
  deferredUntilMs: null,
  lastBeganMs: null,
  ttlMs: null,
  freshForMs: null,
};

/** How a cycle ended, as far as it changes what is remembered. */
export interface CycleEnd {
  readonly outcome: CycleOutcome;
  readonly cause: HttpCause | null;
  readonly detail: string | null;
  readonly endedAtMs: number;
  readonly deferredUntilMs: number | null;
  readonly deferral?: Deferral | undefined;
  /** Null where an answer could have said so and did not; absent where there was no answer to say it. */
  readonly ttlMs?: number | null;
  readonly freshForMs?: number | null;
}

/** What the store knows of a source once its cycle is stored. */
export interface CycleFigures {
  /** Of 24 h, this cycle included. */
  readonly dayRate: SuccessRate;
  /** When the last new item was stored; null when there never was one. */
  readonly lastItemMs: number | null;
}

/** A cycle begins; `forced` when a person asked for it, so that an open breaker is probed ahead of its time. */
export function beginCycle(
  config: SourceConfig,
  memory: SourceMemory,
  nowMs: number,
  forced: boolean,
): SourceMemory {
  const breaker = stepBreaker(rulesOf(config, memory), memory.breaker, { kind: 'begin', nowMs, forced });
  return { ...memory, breaker, lastBeganMs: nowMs };
}

/** A cycle has ended and is stored: what is remembered from now on, and the alerts it gives rise to. `random` is 0 to 1. */
export function endCycle(
  config: SourceConfig,
  memory: SourceMemory,
  end: CycleEnd,
  figures: CycleFigures,
  random: number,
): { readonly memory: SourceMemory; readonly alerts: readonly SourceAlert[] } {
  const { outcome, cause, detail, endedAtMs: nowMs } = end;
  const cycle = { source: config.id, outcome, cause, detail, nowMs, ...figures };
  const { watch, alerts } = stepWatch(watchRules(config), memory.watch, cycle);
  const next: SourceMemory = {
    ...memory,
    breaker: stepBreaker(rulesOf(config, memory), memory.breaker, breakerEvent(outcome, nowMs, random)),
    watch,
    deferredUntilMs: end.deferredUntilMs,
    deferral: end.deferral,
    ttlMs: end.ttlMs === undefined ? memory.ttlMs : end.ttlMs,
    freshForMs: end.freshForMs === undefined ? memory.freshForMs : end.freshForMs,
  };
  return { memory: next, alerts };
}

/** A cycle was lost or cut short: it says nothing about the source. */
export function dropCycle(config: SourceConfig, memory: SourceMemory, nowMs: number): SourceMemory {
  return {
    ...memory,
    breaker: stepBreaker(rulesOf(config, memory), memory.breaker, { kind: 'neutral', nowMs }),
  };
}

/** A person says that the source is to be tried again. */
export function resetBreaker(config: SourceConfig, memory: SourceMemory): SourceMemory {
  return {
    ...memory,
    breaker: stepBreaker(rulesOf(config, memory), memory.breaker, { kind: 'reset' }),
    deferredUntilMs: null,
  };
}

/** Another address, or another way to read it: what was learned of the former one does not hold. */
export function forgetSite(memory: SourceMemory): SourceMemory {
  return { ...NEW_SOURCE, watch: memory.watch, lastBeganMs: memory.lastBeganMs };
}

/** When a source is fetched: as configured, or less often where feed or server ask for it. Sites of one's own do not. */
export function scheduleOf(
  { id, every, allow_fast }: Pick<SourceConfig, 'id' | 'every' | 'allow_fast'>,
  { ttlMs, freshForMs }: Pick<SourceMemory, 'ttlMs' | 'freshForMs'>,
): Schedule {
  const hintsMs = [ttlMs, freshForMs].filter((hintMs) => hintMs !== null);
  return { id, intervalMs: allow_fast ? every : effectiveIntervalMs(every, hintsMs) };
}

/** When the next cycle begins. Epoch milliseconds. */
export function nextCycleMs(config: SourceConfig, memory: SourceMemory, nowMs: number): number {
  const { breaker, lastBeganMs, deferredUntilMs } = memory;
  const schedule = scheduleOf(config, memory);
  return nextAttemptMs({ schedule, breaker, lastBeganMs, deferredUntilMs }, nowMs);
}

/** What the health report is told. */
export function statusOf(
  { breaker, watch, deferredUntilMs }: SourceMemory,
  what: { readonly paused: boolean; readonly nextAttemptMs: number | null; readonly stopped?: true },
): SourceStatus {
  return { ...what, breaker, watch, deferredUntilMs };
}

/** A healthy source is asked as often as its schedule says, which may be less often than configured: a failing one is not asked more. */
function rulesOf(config: SourceConfig, memory: SourceMemory): BreakerRules {
  return breakerRules({ breaker: config.breaker, every: scheduleOf(config, memory).intervalMs });
}

function breakerEvent(outcome: CycleOutcome, nowMs: number, random: number): BreakerEvent {
  switch (isGood(outcome)) {
    case true:
      return { kind: 'succeeded' };
    case false:
      return { kind: 'failed', nowMs, random };
    case null:
      return { kind: 'neutral', nowMs };
  }
}
