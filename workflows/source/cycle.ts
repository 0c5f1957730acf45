import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { attemptsAllowed } from '../../core/breaker/index.js';
import { HTTP_CAUSES, type HttpCause } from '../../core/causes.js';
import type { CycleFailure, CycleResult, SourceMemory } from '../../core/source-cycle/index.js';
import { isHostLost } from '../host-link.js';
import { cycleProxy } from '../proxies.js';
import { endedInVain } from '../waits.js';
import type { SourceInstance } from './instance.js';

/** Attempts of a cycle unless it is the single probe of an open breaker. */
const ATTEMPTS = 3;

/** What became of a cycle. */
export type CycleEnding =
  | { readonly kind: 'done'; readonly result: CycleResult }
  | {
      readonly kind: 'failed';
      readonly cause: HttpCause;
      readonly detail: string;
      readonly memory: SourceMemory;
    }
  /** A stop, pause or new configuration came first. */
  | { readonly kind: 'interrupted' }
  /** It ended for a reason of ours: a worker was lost, or the store could not be used. */
  | { readonly kind: 'lost'; readonly detail: string };

/** Makes one cycle. `onWaiting` is called when no fetcher takes it for a long time. */
export async function makeCycle(source: SourceInstance, onWaiting: () => void): Promise<CycleEnding> {
  const { memory, record, raw, config } = source;
  const attempts = attemptsAllowed(memory.breaker, ATTEMPTS);
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const cycleId = `${workflowId}:${firstExecutionRunId}:${record.run}`;
  const options = { attempts, fetchTimeoutMs: config.fetch.total_timeout };
  const summary = attempts === ATTEMPTS ? 'fetch' : 'probe, the breaker was open';
  const ask = (patience: 'soon' | 'whenever') =>
    cycleProxy({ ...options, patience, summary }).runCycle({ config: raw, cycleId, attempts, memory });
  return await unlessInterrupted(source, async () => {
    try {
      return await ask('soon');
    } catch (error) {
      if (!isHostLost(error)) throw error;
      onWaiting();
      return await ask('whenever');
    }
  });
}

async function unlessInterrupted(
  source: SourceInstance,
  work: () => Promise<CycleResult>,
): Promise<CycleEnding> {
  const { control } = source;
  const scope = new CancellationScope({ cancellable: true });
  let ending: CycleEnding | null = null;
  const working = scope.run(work).then(
    (result) => {
      ending = { kind: 'done', result };
    },
    (error: unknown) => {
      ending = endingOf(error);
    },
  );
  const isOver = () => ending !== null || source.fetchMustEnd;
  do await condition(isOver);
  while (endedInVain(isOver));
  if (ending === null) {
    source.cutFetchShort();
    scope.cancel();
    // The fetcher may be lost: what is wanted is shown before it has ended.
    if (control.wish !== 'run')
      source.enter(control.wish === 'stop' ? 'stopping' : 'paused', 'ending the fetch');
  }
  await working;
  return ending ?? { kind: 'interrupted' };
}

function endingOf(error: unknown): CycleEnding {
  if (isCancellation(error)) return { kind: 'interrupted' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isHttpCause(cause.type)) {
    const final = cause.details?.[0] as CycleFailure | undefined;
    if (final !== undefined) {
      return { kind: 'failed', cause: cause.type, detail: cause.message, memory: final.memory };
    }
  }
  if (cause instanceof TimeoutFailure)
    return { kind: 'lost', detail: 'the fetcher was lost during the cycle' };
  return { kind: 'lost', detail: cause instanceof Error ? cause.message : String(cause) };
}

function isHttpCause(type: string | null | undefined): type is HttpCause {
  return typeof type === 'string' && type in HTTP_CAUSES;
}
