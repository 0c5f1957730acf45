/**
 * The rules of the limiter of one site, without clock, timers or promises: each event gives a new state, the decisions
 * to carry out, and the moment at which to look again.
 */
import { JITTER_SHARE, type LimiterSettings } from './settings.js';
import { pauseAfterBlockMs, pauseAsAskedMs } from './pause.js';

interface Lease {
  readonly id: number;
  readonly grantedAtMs: number;
}

interface Waiter {
  readonly id: number;
  readonly sinceMs: number;
}

export interface LimiterState {
  readonly active: readonly Lease[];
  /** First come, first served. */
  readonly waiting: readonly Waiter[];
  readonly nextStartAtMs: number;
  readonly pausedUntilMs: number;
  /** When the site last blocked us; answers to older resolves say nothing new. */
  readonly blockedAtMs: number;
  /** Blocks since the last answer. */
  readonly blocks: number;
}

/** `blocked` lengthens the pause, `answered` ends the series of blocks, `failed` says nothing about blocks. */
export type LeaseOutcome = 'answered' | 'failed' | 'blocked';

export type LimiterEvent =
  | { readonly kind: 'request'; readonly id: number }
  | {
      readonly kind: 'release';
      readonly id: number;
      readonly outcome: LeaseOutcome;
      readonly retryAfterMs?: number;
      /** `retryAfterMs` is taken at its word, however often the site has blocked us. */
      readonly isAsAsked?: boolean;
    }
  | { readonly kind: 'withdraw'; readonly id: number }
  | { readonly kind: 'tick' };

export type LimiterDecision =
  | { readonly kind: 'grant'; readonly id: number }
  | { readonly kind: 'refuse'; readonly id: number; readonly retryAfterMs: number };

export interface LimiterStep {
  readonly state: LimiterState;
  readonly decisions: readonly LimiterDecision[];
  /** When to send a tick, or null when nobody waits. */
  readonly wakeAtMs: number | null;
}

export interface LimiterContext {
  readonly nowMs: number;
  /** 0 to 1. */
  readonly random: number;
  readonly settings: LimiterSettings;
}

export const IDLE_LIMITER: LimiterState = {
  active: [],
  waiting: [],
  nextStartAtMs: -Infinity,
  pausedUntilMs: -Infinity,
  blockedAtMs: -Infinity,
  blocks: 0,
};

/** Takes an event in and says what follows from it. */
export function step(state: LimiterState, event: LimiterEvent, context: LimiterContext): LimiterStep {
  const current = dropExpiredLeases(apply(state, event, context), context);
  const refusal = refuseHopeless(current, context);
  const granted = grantDue(refusal.state, context);
  return {
    state: granted.state,
    decisions: [...refusal.decisions, ...granted.decisions],
    wakeAtMs: wakeAt(granted.state, context),
  };
}

/** The site was blocked and has not answered since: one resolve at a time finds out whether it does again. */
function allowedAtOnce(state: LimiterState, settings: LimiterSettings): number {
  return state.blocks > 0 ? 1 : settings.concurrency;
}

function apply(state: LimiterState, event: LimiterEvent, context: LimiterContext): LimiterState {
  switch (event.kind) {
    case 'request':
      return { ...state, waiting: [...state.waiting, { id: event.id, sinceMs: context.nowMs }] };
    case 'withdraw':
      return { ...state, waiting: state.waiting.filter((waiter) => waiter.id !== event.id) };
    case 'release':
      return release(state, event, context);
    case 'tick':
      return state;
  }
}

function release(
  state: LimiterState,
  event: Extract<LimiterEvent, { kind: 'release' }>,
  context: LimiterContext,
): LimiterState {
  const lease = state.active.find((candidate) => candidate.id === event.id);
  const rest = { ...state, active: state.active.filter((candidate) => candidate.id !== event.id) };
  if (lease === undefined || event.outcome === 'failed') return rest;
  // Two resolves under way at the same time meet the same block: it counts once.
  const isNews = lease.grantedAtMs >= state.blockedAtMs;
  if (event.outcome === 'answered') return isNews ? { ...rest, blocks: 0 } : rest;
  if (event.isAsAsked === true && event.retryAfterMs !== undefined) {
    const untilMs = context.nowMs + pauseAsAskedMs(event.retryAfterMs, context.settings);
    return {
      ...rest,
      blocks: Math.max(1, state.blocks),
      blockedAtMs: isNews ? context.nowMs : state.blockedAtMs,
      pausedUntilMs: Math.max(state.pausedUntilMs, untilMs),
    };
  }
  const blocks = isNews ? state.blocks + 1 : Math.max(1, state.blocks);
  const pauseMs = pauseAfterBlockMs(blocks, event.retryAfterMs, context.random, context.settings);
  return {
    ...rest,
    blocks,
    blockedAtMs: isNews ? context.nowMs : state.blockedAtMs,
    pausedUntilMs: Math.max(state.pausedUntilMs, isNews ? context.nowMs + pauseMs : -Infinity),
  };
}

function dropExpiredLeases(state: LimiterState, { nowMs, settings }: LimiterContext): LimiterState {
  return { ...state, active: state.active.filter((lease) => nowMs < lease.grantedAtMs + settings.leaseMs) };
}

/** Refuses everyone who cannot start within the longest wait, however soon places become free. */
function refuseHopeless(state: LimiterState, context: LimiterContext) {
  const { nowMs, random, settings } = context;
  const decisions: LimiterDecision[] = [];
  const kept: Waiter[] = [];
  const firstStartMs = Math.max(nowMs, state.nextStartAtMs, state.pausedUntilMs);
  for (const waiter of state.waiting) {
    const earliestStartMs = firstStartMs + kept.length * settings.minSpacingMs;
    const deadlineMs = waiter.sinceMs + settings.maxWaitMs;
    if (earliestStartMs <= deadlineMs && (nowMs < deadlineMs || isFree(state, kept.length, context))) {
      kept.push(waiter);
      continue;
    }
    const waitMs = Math.max(earliestStartMs - nowMs, settings.busyRetryMs);
    decisions.push({
      kind: 'refuse',
      id: waiter.id,
      retryAfterMs: Math.ceil(waitMs * (1 + random * JITTER_SHARE)),
    });
  }
  return { state: { ...state, waiting: kept }, decisions };
}

/** True when whoever is `position` in the queue can start right now. */
function isFree(state: LimiterState, position: number, { nowMs, settings }: LimiterContext): boolean {
  const places = allowedAtOnce(state, settings) - state.active.length;
  const startMs = Math.max(state.nextStartAtMs, state.pausedUntilMs) + position * settings.minSpacingMs;
  return position < places && startMs <= nowMs;
}

function grantDue(state: LimiterState, context: LimiterContext) {
  const { nowMs, settings } = context;
  const decisions: LimiterDecision[] = [];
  let current = state;
  while (current.waiting.length > 0 && isFree(current, 0, context)) {
    const [first, ...others] = current.waiting as [Waiter, ...Waiter[]];
    decisions.push({ kind: 'grant', id: first.id });
    current = {
      ...current,
      waiting: others,
      active: [...current.active, { id: first.id, grantedAtMs: nowMs }],
      nextStartAtMs: nowMs + settings.minSpacingMs,
    };
  }
  return { state: current, decisions };
}

function wakeAt(state: LimiterState, { nowMs, settings }: LimiterContext): number | null {
  if (state.waiting.length === 0) return null;
  const placeFree = state.active.length < allowedAtOnce(state, settings);
  const moments = [
    ...state.waiting.map((waiter) => waiter.sinceMs + settings.maxWaitMs),
    ...state.active.map((lease) => lease.grantedAtMs + settings.leaseMs),
    ...(placeFree ? [Math.max(state.nextStartAtMs, state.pausedUntilMs)] : []),
  ];
  return Math.max(nowMs, Math.min(...moments));
}
