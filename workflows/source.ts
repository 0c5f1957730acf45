import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import { configOrFailure, firstConfigOrFailure, ownConfigOrFailure } from './entry.js';
import {
  fetchNowSignal,
  pauseSignal,
  reconfigureUpdate,
  resetBreakerSignal,
  resumeSignal,
  retrySignal,
  statusQuery,
  stopSignal,
} from './messages.js';
import { SourceInstance, type CarriedSource } from './source/instance.js';
import { liveSource } from './source/life.js';

/** Result of a source that was stopped. */
export interface SourceSummary {
  readonly state: 'stopped';
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly cycles: number;
  readonly incidents: number;
}

/**
 * Fetches one source on its interval and keeps what is new, until somebody stops it.
 * Input: the source's entry of the configuration, as written. Fails with `invalid_config` when it is not valid, and never for
 * anything that the source does.
 */
export async function source(input: unknown, carried?: CarriedSource): Promise<SourceSummary> {
  const instance = new SourceInstance(firstConfigOrFailure('source', input), input, carried);
  handleMessages(instance);
  // A cancellation asks for the same orderly end as the signal `stop`.
  CancellationScope.current().cancelRequested.catch(() => instance.control.stop());
  return await CancellationScope.nonCancellable(() => fetchToTheEnd(instance));
}

async function fetchToTheEnd(instance: SourceInstance): Promise<SourceSummary> {
  const end = await liveSource(instance);
  await condition(allHandlersFinished);
  if (end === 'rollover') return await continueAsNew<typeof source>(instance.raw, instance.carry());
  return {
    state: 'stopped',
    reason: 'stop requested',
    startedAt: instance.startedAt,
    endedAt: new Date().toISOString(),
    cycles: instance.record.run,
    incidents: instance.record.incidentCount,
  };
}

function handleMessages(instance: SourceInstance): void {
  const { control } = instance;
  setHandler(statusQuery, () => instance.status(), { description: 'State, next fetch and last incidents' });
  setHandler(stopSignal, () => control.stop());
  setHandler(pauseSignal, () => control.pause());
  setHandler(resumeSignal, () => control.resume());
  setHandler(retrySignal, () => {
    control.retry();
    instance.fetchNow();
  });
  setHandler(fetchNowSignal, () => instance.fetchNow());
  setHandler(resetBreakerSignal, () => instance.resetBreaker());
  setHandler(
    reconfigureUpdate,
    (input) => ({ restarted: instance.reconfigure(configOrFailure('source', input), input) }),
    {
      description: 'Replace the configuration: the entry as written in the file',
      validator: (input) => {
        ownConfigOrFailure('source', instance.config.id, input);
      },
    },
  );
}
