import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import { Control } from './control.js';
import { configOrFailure, firstConfigOrFailure, ownConfigOrFailure } from './entry.js';
import {
  pauseSignal,
  readRunStarted,
  reconfigureUpdate,
  resumeSignal,
  retrySignal,
  runStartedSignal,
  statusQuery,
  stopSignal,
} from './messages.js';
import { StreamBranch, type CarriedStream } from './stream-branch.js';
import { runDelivers, supervise } from './supervise.js';
import type { BranchResult } from './supervised-branch.js';

/** Result of a stream that ended well. */
export interface StreamSummary {
  readonly state: 'stopped';
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly runs: number;
  readonly incidents: number;
}

/**
 * Records one live stream until it is over or somebody stops it.
 * Input: the stream's entry of the configuration, as written. Fails with `invalid_config` when it is not valid,
 * otherwise with the cause that ended it for good.
 */
export async function stream(input: unknown, carried?: CarriedStream): Promise<StreamSummary> {
  const config = firstConfigOrFailure('stream', input);
  const control = new Control(carried?.wish);
  const branch = new StreamBranch({ config, raw: input, control, carried });
  handleMessages(branch, control);
  // A cancellation asks for the same orderly end as the signal `stop`.
  CancellationScope.current().cancelRequested.catch(() => control.stop());
  return await CancellationScope.nonCancellable(() => record(branch, control));
}

async function record(branch: StreamBranch, control: Control): Promise<StreamSummary> {
  const result = (await branch.placed()) ? await supervise(branch) : stoppedBeforePlaced(branch);
  if (result.kind !== 'rollover') {
    await branch.endShow();
    await branch.notifier.drain();
  }
  switch (result.kind) {
    case 'rollover':
      await condition(allHandlersFinished);
      return await continueAsNew<typeof stream>(branch.raw, carry(branch, control));
    case 'failed':
      throw ApplicationFailure.create({
        type: result.cause,
        message: result.detail,
        nonRetryable: true,
      });
    case 'stopped':
      return {
        state: 'stopped',
        reason: result.reason,
        startedAt: branch.startedAt,
        endedAt: new Date().toISOString(),
        runs: branch.record.run,
        incidents: branch.record.incidentCount,
      };
  }
}

function stoppedBeforePlaced(branch: StreamBranch): BranchResult {
  const reason = 'stop requested';
  branch.record.enter('stopped', reason, new Date().toISOString());
  branch.changed();
  return { kind: 'stopped', reason };
}

function handleMessages(branch: StreamBranch, control: Control): void {
  setHandler(statusQuery, () => branch.status(), { description: 'State, branches and last incidents' });
  setHandler(stopSignal, () => control.stop());
  setHandler(pauseSignal, () => control.pause());
  setHandler(resumeSignal, () => control.resume());
  setHandler(retrySignal, () => control.retry());
  setHandler(runStartedSignal, (payload) => {
    const started = readRunStarted(payload);
    if (started === undefined) return;
    runDelivers(branch, started.runKey, started.at);
    branch.showIsOn();
  });
  setHandler(
    reconfigureUpdate,
    (input) => {
      const restarted = branch.reconfigure(configOrFailure('stream', input), input);
      if (restarted) control.restart();
      return { restarted };
    },
    {
      description: 'Replace the configuration: the entry as written in the file',
      validator: (input) => {
        ownConfigOrFailure('stream', branch.config.id, input);
      },
    },
  );
}

function carry(branch: StreamBranch, control: Control): CarriedStream {
  return {
    startedAt: branch.startedAt,
    host: branch.hostName,
    wish: control.wish,
    notifications: branch.notifier.carry(),
    branch: branch.record.carry(),
    ...(branch.showSince === null ? {} : { showSince: branch.showSince }),
  };
}
