import { workflowInfo } from '@temporalio/workflow';
import type { ResolveResult } from '../core/activity-contract.js';
import type { StreamConfig } from '../core/config/stream.js';
import type { InstanceStatus } from '../core/instance-status.js';
import { mayBeAsked } from '../core/media-question.js';
import { streamPolicy, type Policy } from '../core/recovery/policy.js';
import type { MediaSource } from '../core/run.js';
import { BranchRecord, type CarriedBranch } from './branch-record.js';
import type { Control, Wish } from './control.js';
import { finalizeShow } from './finalize-show.js';
import { historyIsLong } from './history.js';
import { HostLink } from './host-link.js';
import { Notifier, type CarriedNotifications } from './notifier.js';
import { fetcher } from './proxies.js';
import { placeInstance } from './placement.js';
import {
  enter,
  enterStarting,
  type Prepared,
  type SourceQuestion,
  type SupervisedBranch,
} from './supervised-branch.js';
import { Visibility } from './visibility.js';
import { interruptibleWait, unlessInterrupted } from './waits.js';
import { clockTime } from './wording.js';

/** Name of the only branch of a stream; its recordings lie in a folder of this name. */
export const STREAM_BRANCH = 'recording';

/** What a stream carries over continue-as-new. */
export interface CarriedStream {
  readonly startedAt: string;
  readonly host: string | null;
  readonly wish: Wish;
  readonly notifications: CarriedNotifications;
  readonly branch: CarriedBranch;
  /** Since when a show is recorded that is to be finalized. */
  readonly showSince?: string;
}

export interface StreamBranchOptions {
  readonly config: StreamConfig;
  /** The config entry as written: it is what the next execution gets and what `status` shows. */
  readonly raw: unknown;
  readonly control: Control;
  readonly carried: CarriedStream | undefined;
}

/** The single recording branch of a stream: where its media comes from and what it does without a show. */
export class StreamBranch implements SupervisedBranch {
  readonly label = 'Recording';
  readonly activity = 'recording';
  readonly timerPrefix = '';
  readonly tellsOfHost = true;
  readonly workflowId = workflowInfo().workflowId;
  readonly startedAt: string;
  readonly record: BranchRecord;
  readonly control: Control;
  readonly notifier: Notifier;
  config: StreamConfig;
  raw: unknown;
  #host: HostLink | null = null;
  #media: MediaSource | null = null;
  /** When the run was made ready that brought the first picture of this show. */
  #showSince: string | null;
  #preparedAt: string | null = null;
  readonly #visibility = new Visibility();

  constructor({ config, raw, control, carried }: StreamBranchOptions) {
    const now = new Date().toISOString();
    this.config = config;
    this.raw = raw;
    this.control = control;
    this.startedAt = carried?.startedAt ?? now;
    this.#showSince = carried?.showSince ?? null;
    this.record = new BranchRecord(STREAM_BRANCH, now, carried?.branch);
    this.notifier = new Notifier(carried?.notifications);
    const host = config.host ?? carried?.host ?? null;
    if (host !== null) this.placeOn(host);
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

  /** Chooses a host unless the configuration names one; false when it was stopped meanwhile. */
  placed(): Promise<boolean> {
    return placeInstance(this, () => enter(this, 'waiting_host', 'no device worker answers'));
  }

  policy(): Policy {
    return streamPolicy(this.config.recovery);
  }

  stallTimeoutMs(): number {
    return this.config.stall_timeout;
  }

  locks(): readonly string[] {
    return [];
  }

  async prepare(fresh: boolean): Promise<Prepared> {
    if (this.#media === null || fresh) {
      enterStarting(this, 'looking for the live URL');
      const resolved = await this.#resolve();
      if (resolved.kind !== 'live') return resolved;
      this.#media = resolved.media;
    }
    this.#preparedAt = new Date().toISOString();
    const { container, segment } = this.config.record;
    return {
      kind: 'ready',
      recipe: { kind: 'record-source', media: this.#media, record: { container, segmentMs: segment } },
    };
  }

  async #resolve(): Promise<ResolveResult | { readonly kind: 'interrupted' }> {
    const { resolver } = this.config;
    if (resolver.kind === 'direct' && this.#media === null) {
      // The address is known. Whether it delivers is best learned by recording it; only after a loss it is asked.
      const { url, headers } = resolver;
      return { kind: 'live', media: { url, ...(headers === undefined ? {} : { headers }), format: 'auto' } };
    }
    const input = { instance: this.workflowId, resolver };
    const resolved = await unlessInterrupted(this.control, () => fetcher.resolveStream(input));
    return resolved ?? { kind: 'interrupted' };
  }

  sourceQuestion(): SourceQuestion | null {
    const media = this.#media;
    if (media === null) return null;
    return {
      mayBeAnswered: mayBeAsked(media.url),
      ask: (timeoutMs, notBeforeMs) => this.host.awaitSource(media, timeoutMs, notBeforeMs),
    };
  }

  async awaitLive(detail: string, afterShow: boolean): Promise<boolean> {
    const { watch, poll } = this.config;
    if (!watch) return false;
    // A show that goes on after a moment is the same show.
    if (!afterShow) await this.endShow();
    const pauseMs = afterShow ? poll.recheck : Math.round(poll.min + Math.random() * (poll.max - poll.min));
    const at = Date.now() + pauseMs;
    const words = `waiting for the next show, next look ${clockTime(at)}, ${detail}`;
    enter(this, 'waiting_live', words, at);
    await interruptibleWait(this.control, this.control.interrupts, pauseMs, words);
    return true;
  }

  /** What is carried of a show that is to be finalized. */
  get showSince(): string | null {
    return this.#showSince;
  }

  /** Media of a run flows. */
  showIsOn(): void {
    if (this.config.finalize && this.record.runLives) {
      this.#showSince ??= this.#preparedAt ?? new Date().toISOString();
    }
  }

  /** The show is over: a job makes one file of it, where that is wanted. */
  async endShow(): Promise<void> {
    const from = this.#showSince;
    this.#showSince = null;
    if (from === null || !this.config.finalize) return;
    const { workflowId: recording, host } = this;
    await finalizeShow({
      recording,
      branch: STREAM_BRANCH,
      host: host.host,
      from,
      to: new Date().toISOString(),
    });
  }

  /** Takes a new configuration over; true when the current run has to end for it. */
  reconfigure(config: StreamConfig, raw: unknown): boolean {
    const recordingOf = ({ resolver, record, stall_timeout, host }: StreamConfig) =>
      JSON.stringify([resolver, record, stall_timeout, host]);
    const restart = recordingOf(config) !== recordingOf(this.config);
    this.config = config;
    this.raw = raw;
    // The current run ends where it is: whoever watches it keeps its own link to that host.
    const host = config.host ?? this.hostName;
    if (host !== null) this.placeOn(host);
    return restart;
  }

  whatContinues(): string | null {
    return null;
  }

  changed(): void {
    this.#visibility.show(this.status());
  }

  shouldRollOver(): boolean {
    return historyIsLong();
  }

  status(): InstanceStatus {
    const { record } = this;
    return {
      id: this.workflowId,
      kind: 'stream',
      name: this.config.id,
      host: this.hostName,
      state: record.state,
      detail: record.detail,
      since: record.since,
      startedAt: this.startedAt,
      retries: record.attempt,
      incidents: record.incidents,
      incidentCount: record.incidentCount,
      branches: [record.status()],
      config: this.raw,
    };
  }
}
