import { ApplicationFailure } from '@temporalio/common';
import type { HttpCause } from '../../core/causes.js';
import {
  endCycle,
  nextCycleMs,
  statusOf,
  type CycleEnd,
  type CycleFailure,
  type CycleResult,
  type SourceMemory,
} from '../../core/source-cycle/index.js';
import type { CycleInput, FiguresOfCycle, FoundCycle, JudgedCycle } from '../../store/index.js';
import type { CycleDeps } from './deps.js';
import type { Fetched } from './fetch-source.js';
import type { OpenCycle } from './open-cycle.js';
import type { Verdict } from './verdict.js';

/**
 * Stores a cycle with what it has brought, whole or not at all, and says how it ended.
 * @throws {ApplicationFailure} the cause as type, not to be tried again, when it has failed.
 */
export async function conclude(
  cycle: OpenCycle,
  { verdict, site }: Fetched,
  { store }: CycleDeps,
): Promise<CycleResult> {
  const end = endOf(verdict);
  let memory = cycle.memory;
  const judge = (figures: FiguresOfCycle): JudgedCycle => {
    const judged = endCycle(cycle.config, cycle.memory, end, figuresOf(figures), Math.random());
    memory = judged.memory;
    const nextAttemptMs = nextCycleMs(cycle.config, memory, end.endedAtMs);
    return { status: statusOf(memory, { paused: false, nextAttemptMs }), alerts: judged.alerts };
  };
  const stored = await store.sources.storeCycle({ ...cycleInput(cycle, verdict, site), judge });
  if (stored.repeated) {
    const found = await store.sources.readStoredCycle(cycle.config.id, cycle.id);
    if (found !== null) return concludeAgain(cycle, found);
  }
  return resultOf({ ...verdictFacts(verdict), ...stored }, memory);
}

/** A former attempt has stored the cycle and was lost before it could say so: what it stored is how the cycle ended. */
export function concludeAgain({ memory }: OpenCycle, { cycle, status }: FoundCycle): CycleResult {
  const { breaker, watch, deferredUntilMs } = status ?? memory;
  return resultOf(cycle, { ...memory, breaker, watch, deferredUntilMs, deferral: undefined });
}

type Ended = Pick<CycleInput['cycle'], 'outcome' | 'cause' | 'detail'> & {
  readonly items: number;
  readonly newItems: number;
  readonly changedItems: number;
};

function resultOf(ended: Ended, memory: SourceMemory): CycleResult {
  const { outcome, cause, detail, items, newItems, changedItems } = ended;
  if (outcome === 'failed') throw failureOf(cause ?? 'other', detail ?? '', { memory });
  return { outcome, detail, items, newItems, changedItems, memory };
}

/**
 * A failure of the source, for the history: the cause as type and no trace of where in our code it was noticed.
 * With `final` the cycle has ended; without, another attempt is to be made.
 */
export function failureOf(cause: HttpCause, detail: string, final?: CycleFailure): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: cause,
    message: detail,
    nonRetryable: final !== undefined,
    ...(final === undefined ? {} : { details: [final] }),
    // A source that fails is not a fault of ours: it belongs into the health report, not into the log.
    category: 'BENIGN',
  });
  failure.stack = '';
  return failure;
}

function endOf(verdict: Verdict): CycleEnd {
  return {
    ...verdictFacts(verdict),
    endedAtMs: Date.now(),
    ...deferralOf(verdict),
    ...(verdict.kind === 'fetched' ? { ttlMs: verdict.ttlMs, freshForMs: verdict.freshForMs } : {}),
    ...(verdict.kind === 'not_modified' ? { freshForMs: verdict.freshForMs } : {}),
  };
}

function deferralOf(verdict: Verdict): Pick<CycleEnd, 'deferredUntilMs' | 'deferral'> {
  if (verdict.kind !== 'deferred') return { deferredUntilMs: null };
  return { deferredUntilMs: verdict.untilMs, deferral: verdict.because };
}

function verdictFacts(verdict: Verdict): Pick<CycleEnd, 'outcome' | 'cause' | 'detail'> {
  const { kind, detail } = verdict;
  return { outcome: kind, detail, cause: 'cause' in verdict ? verdict.cause : null };
}

function cycleInput(cycle: OpenCycle, verdict: Verdict, site: string): CycleInput {
  const { config } = cycle;
  const { status, latencyMs, wireBytes } = verdict;
  return {
    cycle: {
      id: cycle.id,
      source: config.id,
      startedAt: new Date(cycle.beganAtMs).toISOString(),
      ...verdictFacts(verdict),
      attempts: cycle.attempt,
      latencyMs,
      status,
      wireBytes,
    },
    items: verdict.kind === 'fetched' ? verdict.items : null,
    // The content is what a raw item is.
    dedup: config.parse.kind === 'raw' ? 'id' : config.dedup,
    announce: config.announce,
    keepMs: config.keep ?? null,
    validators: 'validators' in verdict ? verdict.validators : null,
    validatorsFor: cycle.validatorsFor,
    site,
    status: null,
  };
}

function figuresOf({ dayRate, lastItemAt }: FiguresOfCycle) {
  return { dayRate, lastItemMs: lastItemAt === null ? null : Date.parse(lastItemAt) };
}
