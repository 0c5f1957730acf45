import { workflowInfo } from '@temporalio/workflow';
import { INGEST_BRANCH } from '../../core/capture-state.js';
import type { OutputConfig } from '../../core/config/capture.js';
import { recoveryOfOutput } from '../../core/config/capture-recovery.js';
import { hubLock, hubOfCapture } from '../../core/hub.js';
import { capturePolicy, type Policy } from '../../core/recovery/policy.js';
import { deviceLock, outputLock } from '../../core/resource-locks.js';
import type { RecordSettings, StorageSettings } from '../../core/run.js';
import { BranchRecord, type CarriedBranch } from '../branch-record.js';
import type { Control } from '../control.js';
import type { HostLink } from '../host-link.js';
import type { Notifier } from '../notifier.js';
import type { Failure, Prepared, SupervisedBranch } from '../supervised-branch.js';
import type { CaptureInstance } from './instance.js';

/** What an ingest and an output have in common: the instance they belong to. */
abstract class CaptureBranch implements SupervisedBranch {
  abstract readonly label: string;
  abstract readonly activity: string;
  abstract readonly tellsOfHost: boolean;
  readonly workflowId = workflowInfo().workflowId;
  readonly record: BranchRecord;
  readonly control: Control;
  protected readonly capture: CaptureInstance;

  constructor(capture: CaptureInstance, name: string, control: Control, carried?: CarriedBranch) {
    this.capture = capture;
    this.control = control;
    this.record = new BranchRecord(name, new Date().toISOString(), carried);
  }

  get timerPrefix(): string {
    return `${this.record.name}: `;
  }

  get host(): HostLink {
    return this.capture.host;
  }

  get notifier(): Notifier {
    return this.capture.notifier;
  }

  abstract policy(): Policy;
  abstract locks(): readonly string[];
  abstract prepare(): Promise<Prepared>;
  abstract whatContinues(): string | null;

  stallTimeoutMs(): number {
    return this.capture.config.stall_timeout;
  }

  sourceQuestion(): null {
    return null;
  }

  awaitLive(): Promise<boolean> {
    return Promise.resolve(false);
  }

  changed(): void {
    this.capture.changed();
  }

  shouldRollOver(): boolean {
    return this.control.leaving;
  }
}

/** Reads the input and encodes, once for all outputs. */
export class IngestBranch extends CaptureBranch {
  readonly label = 'Ingest';
  readonly activity = 'encoding';
  readonly tellsOfHost = true;

  policy(): Policy {
    return capturePolicy(this.capture.config.recovery, 'ingest');
  }

  locks(): readonly string[] {
    const { input } = this.capture.config;
    const devices = input.kind === 'v4l2' ? [input.device, ...(input.audio ? [input.audio.device] : [])] : [];
    return [hubLock(hubOfCapture(this.capture.config)), ...devices.map(deviceLock)];
  }

  prepare(): Promise<Prepared> {
    const { input, encode } = this.capture.config;
    const hub = hubOfCapture(this.capture.config);
    return Promise.resolve({ kind: 'ready', recipe: { kind: 'capture-ingest', input, encode, hub } });
  }

  signalLost(detail: string): void {
    this.capture.loseSignal('run', detail);
  }

  whatContinues(): null {
    return null;
  }
}

/** What an output carries over continue-as-new. */
export interface CarriedOutput {
  readonly branch: CarriedBranch;
  /** Why it was given up; null while it is at work. */
  readonly failure: Failure | null;
}

/** Copies what the ingest encodes to one place. It fails alone. */
export class OutputBranch extends CaptureBranch {
  readonly tellsOfHost = false;
  readonly fedBy = INGEST_BRANCH;
  config: OutputConfig;
  /** Given up; `revive` lets it try again. */
  isGone: boolean;
  isRemoved = false;
  /** Its supervision has ended: nothing of it runs any more. */
  isOver = false;
  /** Why it was given up. */
  failure: Failure | null = null;

  constructor(capture: CaptureInstance, config: OutputConfig, control: Control, carried?: CarriedOutput) {
    super(capture, config.name, control, carried?.branch);
    this.config = config;
    this.failure = carried?.failure ?? null;
    this.isGone = this.failure !== null;
  }

  carry(): CarriedOutput {
    return { branch: this.record.carry(), failure: this.isGone ? this.failure : null };
  }

  get label(): string {
    return this.config.kind === 'record' ? 'Recording' : `Output ${this.config.name}`;
  }

  get activity(): string {
    return this.config.kind === 'record' ? 'recording' : 'streaming';
  }

  policy(): Policy {
    return capturePolicy(recoveryOfOutput(this.capture.config.recovery, this.config.recovery), 'output');
  }

  locks(): readonly string[] {
    return this.config.kind === 'push' ? [outputLock(this.config.url)] : [];
  }

  prepare(): Promise<Prepared> {
    const hub = hubOfCapture(this.capture.config);
    const { config } = this;
    if (config.kind === 'push') {
      const target = { url: config.url, format: config.format };
      return Promise.resolve({ kind: 'ready', recipe: { kind: 'push-hub', hub, target } });
    }
    const record: RecordSettings = { container: config.container, segmentMs: config.segment };
    const storage = storageOf(config);
    return Promise.resolve({ kind: 'ready', recipe: { kind: 'record-hub', hub, record, storage } });
  }

  whatContinues(): string | null {
    const others = this.capture.outputs.filter((output) => output !== this && output.isAtWork);
    if (others.some(({ config }) => config.kind === 'push')) return 'streaming continues';
    return others.length > 0 ? 'the other outputs continue' : null;
  }

  /** Neither given up nor taken away. */
  get isAtWork(): boolean {
    return !this.isGone && !this.isRemoved;
  }
}

function storageOf(config: Extract<OutputConfig, { kind: 'record' }>): StorageSettings {
  return {
    ...(config.min_free === undefined ? {} : { minFreeBytes: config.min_free }),
    ...(config.warn_free === undefined ? {} : { warnFreeBytes: config.warn_free }),
    ...(config.keep === undefined ? {} : { keepMs: config.keep }),
    ...(config.keep_size === undefined ? {} : { keepBytes: config.keep_size }),
  };
}
