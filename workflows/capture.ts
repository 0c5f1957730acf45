import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import { firstConfigOrFailure } from './entry.js';
import { CaptureInstance, type CarriedCapture } from './capture/instance.js';
import { CaptureLife } from './capture/life.js';
import {
  addOutput,
  checkReconfigure,
  outputOrFailure,
  reconfigure,
  removeOutput,
  withOutput,
} from './capture/outputs.js';
import {
  addOutputUpdate,
  hdmiLostSignal,
  hdmiRestoredSignal,
  pauseSignal,
  readRunNews,
  readRunStarted,
  reconfigureUpdate,
  removeOutputUpdate,
  resumeOutputUpdate,
  resumeSignal,
  retrySignal,
  runNewsSignal,
  runStartedSignal,
  statusQuery,
  stopSignal,
} from './messages.js';
import { placeInstance } from './placement.js';
import { runDelivers } from './supervise.js';
import { enter, type BranchResult } from './supervised-branch.js';

/** Result of a capture that ended well. */
export interface CaptureSummary {
  readonly state: 'stopped';
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Runs of each branch. */
  readonly runs: Readonly<Record<string, number>>;
  readonly incidents: number;
}

/**
 * Captures one input for any number of outputs until somebody stops it.
 * Input: the capture's entry of the configuration, as written. Fails with `invalid_config` when it is not valid, otherwise with the
 * cause that ended the ingest or the last of its outputs for good.
 */
export async function capture(input: unknown, carried?: CarriedCapture): Promise<CaptureSummary> {
  const instance = new CaptureInstance(firstConfigOrFailure('capture', input), input, carried);
  const life = new CaptureLife(instance);
  handleSignals(instance);
  handleUpdates(instance, life);
  // A cancellation asks for the same orderly end as the signal `stop`.
  CancellationScope.current().cancelRequested.catch(() => instance.stop());
  return await CancellationScope.nonCancellable(() => captureToTheEnd(instance, life));
}

async function captureToTheEnd(instance: CaptureInstance, life: CaptureLife): Promise<CaptureSummary> {
  const waiting = () => enter(instance.ingest, 'waiting_host', 'no device worker answers');
  const isPlaced = await placeInstance(instance, waiting);
  const result = isPlaced ? await life.run() : stoppedBeforePlaced(instance);
  if (result.kind !== 'rollover') await instance.notifier.drain();
  await condition(allHandlersFinished);
  switch (result.kind) {
    case 'rollover':
      return await continueAsNew<typeof capture>(instance.raw, instance.carry());
    case 'failed':
      throw ApplicationFailure.create({ type: result.cause, message: result.detail, nonRetryable: true });
    case 'stopped':
      return summaryOf(instance, result.reason);
  }
}

function stoppedBeforePlaced(instance: CaptureInstance): BranchResult {
  const reason = 'stop requested';
  enter(instance.ingest, 'stopped', reason);
  return { kind: 'stopped', reason };
}

function summaryOf(instance: CaptureInstance, reason: string): CaptureSummary {
  const { startedAt, incidentCount, branches } = instance.status();
  return {
    state: 'stopped',
    reason,
    startedAt,
    endedAt: new Date().toISOString(),
    runs: Object.fromEntries(branches.map(({ name, run }) => [name, run])),
    incidents: incidentCount,
  };
}

function handleSignals(instance: CaptureInstance): void {
  setHandler(statusQuery, () => instance.status(), { description: 'State, branches and last incidents' });
  setHandler(stopSignal, () => instance.stop());
  setHandler(pauseSignal, () => instance.pause());
  setHandler(resumeSignal, () => instance.resume());
  setHandler(retrySignal, (branch) => instance.retry(typeof branch === 'string' ? branch : undefined));
  setHandler(hdmiLostSignal, () => instance.loseSignal('message', 'hdmiLost was signalled'));
  setHandler(hdmiRestoredSignal, () => instance.signalBack());
  setHandler(runStartedSignal, (payload) => {
    const started = readRunStarted(payload);
    if (started !== undefined) instance.runDelivers(started, runDelivers);
  });
  setHandler(runNewsSignal, (payload) => {
    const news = readRunNews(payload);
    if (news !== undefined) instance.takeNews(news);
  });
}

function handleUpdates(instance: CaptureInstance, life: CaptureLife): void {
  setHandler(reconfigureUpdate, (entry) => reconfigure(instance, life, entry), {
    description: 'Replace the configuration: the entry as written in the file',
    validator: (entry) => checkReconfigure(instance, entry),
  });
  setHandler(addOutputUpdate, (output) => addOutput(instance, life, output), {
    description: 'Add an output: as in the configuration',
    validator: (output) => {
      withOutput(instance, output);
    },
  });
  setHandler(removeOutputUpdate, (name) => removeOutput(instance, String(name)), {
    description: 'End an output and forget it: its name',
    validator: (name) => {
      outputOrFailure(instance, name);
    },
  });
  setHandler(
    resumeOutputUpdate,
    (name) => {
      instance.retry(String(name));
      return { name: String(name) };
    },
    {
      description: 'Let an output that was given up try again: its name',
      validator: (name) => {
        outputOrFailure(instance, name);
      },
    },
  );
}
