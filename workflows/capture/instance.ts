import { workflowInfo } from '@temporalio/workflow';
import { INGEST_BRANCH } from '../../core/capture-state.js';
import type { CaptureConfig, OutputConfig } from '../../core/config/capture.js';
import type { MediaCause } from '../../core/causes.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import type { RunNews } from '../../core/run.js';
import { watchableProbe, type WatchableProbe } from '../../core/signal/watchable-probe.js';
import type { CarriedBranch } from '../branch-record.js';
import { Control, type Hold, type StopReason, type Wish } from '../control.js';
import { HostLink } from '../host-link.js';
import { Notifier, type CarriedNotifications } from '../notifier.js';
import type { RunStarted } from '../messages.js';
import type { Failure, SupervisedBranch } from '../supervised-branch.js';
import { Visibility } from '../visibility.js';
import { IngestBranch, OutputBranch, type CarriedOutput } from './branch.js';
import { statusOf, type ShownState } from './status.js';
import { InputSignal, type CarriedSignal } from './signal.js';

/** What a capture carries over continue-as-new. */
export interface CarriedCapture {
  readonly startedAt: string;
  readonly host: string | null;
  readonly wish: Wish;
  readonly notifications: CarriedNotifications;
  readonly shown: ShownState;
  readonly signal: CarriedSignal;
  readonly ingest: CarriedBranch;
  readonly outputs: Readonly<Record<string, CarriedOutput>>;
}

/** One capture: its ingest, its outputs, its signal, and what people want of it. */
export class CaptureInstance {
  readonly workflowId = workflowInfo().workflowId;
  readonly startedAt: string;
  readonly control: Control;
  readonly notifier: Notifier;
  readonly signal: InputSignal;
  readonly ingest: IngestBranch;
  /** In the order of the configuration. */
  outputs: OutputBranch[];
  config: CaptureConfig;
  /** The config entry as written: it is what the next execution gets and what `status` shows. */
  raw: unknown;
  probe: WatchableProbe | null;
  #host: HostLink | null = null;
  readonly #visibility = new Visibility();
  /** What ended the instance for good. */
  failure: { readonly cause: MediaCause; readonly detail: string } | null = null;
  #shown: ShownState;
  #isReady = false;

  constructor(config: CaptureConfig, raw: unknown, carried?: CarriedCapture) {
    this.config = config;
    this.raw = raw;
    this.probe = watchableProbe(config.input);
    this.startedAt = carried?.startedAt ?? new Date().toISOString();
    this.#shown = carried?.shown ?? { state: 'starting', since: this.startedAt };
    this.control = new Control(carried?.wish ?? (config.autostart ? 'run' : 'pause'));
    this.notifier = new Notifier(carried?.notifications);
    this.signal = new InputSignal((news) => this.#tellOfSignal(news), carried?.signal);
    const host = config.host ?? carried?.host ?? null;
    if (host !== null) this.placeOn(host);
    this.ingest = new IngestBranch(this, INGEST_BRANCH, this.#newControl('ingest'), carried?.ingest);
    this.outputs = config.outputs.map((output) => this.newOutput(output, carried?.outputs[output.name]));
    this.#isReady = true;
    this.changed();
  }

  get host(): HostLink {
    if (this.#host === null) throw new Error('should not happen: a run before a host was chosen');
    return this.#host;
  }

  get hostName(): string | null {
    return this.#host?.host ?? null;
  }

  placeOn(host: string): void {
    this.#host = new HostLink(host, this.config.heartbeat_timeout);
  }

  newOutput(config: OutputConfig, carried?: CarriedOutput): OutputBranch {
    return new OutputBranch(this, config, this.#newControl('output'), carried);
  }

  /** Outputs that the configuration knows; one that was taken away may still be ending. */
  get configuredOutputs(): readonly OutputBranch[] {
    return this.outputs.filter(({ isRemoved }) => !isRemoved);
  }

  pause(): void {
    this.#each((control) => control.pause());
  }

  resume(): void {
    if (this.signal.lost) this.signal.resumeWanted = true;
    if (this.signal.awaitsResume) this.#release();
    this.#each((control) => control.resume());
  }

  stop(reason?: StopReason): void {
    this.#each((control) => control.stop(reason));
  }

  /** Tries at once whatever waits or was given up; `branch` names the only one that is meant. */
  retry(branch?: string): void {
    if (branch === undefined || branch === INGEST_BRANCH) {
      if (this.signal.lost) this.signal.assumePresent();
      this.#release();
    }
    if (branch === undefined) this.#each((control) => control.retry());
    else this.branches.find(({ record }) => record.name === branch)?.control.interrupt();
    for (const output of this.configuredOutputs) {
      if (branch === undefined || branch === output.record.name) this.revive(output);
    }
  }

  /** Lets an output that was given up try again, with a whole budget. */
  revive(output: OutputBranch): void {
    if (!output.isGone) return;
    output.record.beginAnew();
    output.isGone = false;
  }

  leave(): void {
    this.#each((control) => control.leave());
  }

  /** The input signal is gone: nothing runs until it is back, and no retry is spent on it. */
  loseSignal(source: 'probe' | 'run' | 'message', detail: string): void {
    const wasLost = this.signal.lost;
    if (!wasLost && source !== 'run') {
      const action = 'wait for the signal';
      this.ingest.record.addIncident({ at: new Date().toISOString(), cause: 'signal_lost', detail, action });
    }
    if (!wasLost) this.signal.change(true, detail);
    this.#hold();
  }

  /** The input signal is back. */
  signalBack(): void {
    if (!this.signal.lost) return;
    const { resumeWanted } = this.signal;
    this.signal.change(false, 'the signal is back');
    if (this.config.recovery.restart_on_signal || resumeWanted) {
      this.#release();
    } else {
      this.signal.awaitsResume = true;
      this.#hold();
    }
  }

  takeNews(news: RunNews): void {
    const branch = this.branches.find(({ record }) => record.runKey === news.runKey);
    if (branch?.record.runLives !== true) return;
    this.notifier.send({ event: 'storage_low', detail: news.detail }, { branch: branch.record.name });
  }

  /** A run of one of the branches delivers. */
  runDelivers(
    { runKey, at }: RunStarted,
    tell: (branch: SupervisedBranch, runKey: string, at: string) => void,
  ): void {
    for (const branch of this.branches) tell(branch, runKey, at);
    if (this.ingest.record.runKey === runKey) this.signal.confirm();
  }

  /** An output that was taken away has ended. */
  forget(output: OutputBranch): void {
    this.outputs = this.outputs.filter((other) => other !== output);
    this.changed();
  }

  /** Why the last of the outputs was given up; only known once one was. */
  get newestFailure(): Failure | null {
    const gone = this.configuredOutputs.filter(({ isGone }) => isGone);
    const newest = gone.sort((left, right) => left.record.since.localeCompare(right.record.since)).at(-1);
    return newest?.failure ?? null;
  }

  /** A new configuration holds from now on; what has to be restarted for it is the caller's affair. */
  reconfigured(config: CaptureConfig, raw: unknown): void {
    this.config = config;
    this.raw = raw;
    this.probe = watchableProbe(config.input);
    const host = config.host ?? this.hostName;
    if (host !== null) this.placeOn(host);
  }

  changed(): void {
    if (!this.#isReady) return;
    const status = this.status();
    if (status.state !== this.#shown.state) {
      this.#shown = { state: status.state, since: new Date().toISOString() };
    }
    this.#visibility.show(status);
  }

  status(): InstanceStatus {
    return statusOf(this, this.#shown);
  }

  carry(): CarriedCapture {
    return {
      startedAt: this.startedAt,
      host: this.hostName,
      wish: this.control.wish,
      notifications: this.notifier.carry(),
      shown: this.#shown,
      signal: this.signal.carry(),
      ingest: this.ingest.record.carry(),
      outputs: Object.fromEntries(
        this.configuredOutputs.map((output) => [output.record.name, output.carry()]),
      ),
    };
  }

  get branches(): readonly (IngestBranch | OutputBranch)[] {
    return [this.ingest, ...this.outputs];
  }

  #each(change: (control: Control) => void): void {
    change(this.control);
    for (const { control } of this.branches) change(control);
  }

  /** A branch begins with what is wanted of the instance now. */
  #newControl(role: 'ingest' | 'output'): Control {
    const { lost, awaitsResume } = this.signal;
    const control = new Control(this.control.wish, lost || awaitsResume ? this.#holdOf(role) : null);
    if (this.control.leaving) control.leave();
    return control;
  }

  #hold(): void {
    this.ingest.control.holdBack(this.#holdOf('ingest'));
    for (const { control } of this.outputs) control.holdBack(this.#holdOf('output'));
  }

  #holdOf(role: 'ingest' | 'output'): Hold {
    const { awaitsResume, detail } = this.signal;
    const idle = role === 'output' ? 'idle: ' : '';
    const words = role === 'output' ? 'no HDMI signal' : 'waiting for the HDMI signal';
    return {
      state: 'waiting_signal',
      cause: 'signal_lost',
      detail: awaitsResume ? `${idle}the HDMI signal is back, resume to go on` : `${idle}${words}, ${detail}`,
    };
  }

  #release(): void {
    this.signal.awaitsResume = false;
    for (const { control } of this.branches) control.release();
  }

  #tellOfSignal(news: 'lost' | 'back'): void {
    const facts = { branch: INGEST_BRANCH, cause: 'signal_lost', detail: this.signal.detail } as const;
    this.notifier.send({ event: news === 'lost' ? 'signal_lost' : 'signal_restored' }, facts);
  }
}
