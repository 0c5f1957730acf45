import { workflowInfo } from '@temporalio/workflow';
import type { SourceConfig } from '../../core/config/source.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import { returnAtMs } from '../../core/schedule/index.js';
import {
  forgetSite,
  NEW_SOURCE,
  nextCycleMs,
  resetBreaker,
  scheduleOf,
  statusOf,
  type SourceMemory,
} from '../../core/source-cycle/index.js';
import type { SourceStatus } from '../../core/source-health/index.js';
import type { State } from '../../core/states.js';
import { BranchRecord, type CarriedBranch } from '../branch-record.js';
import { Control, type Wish } from '../control.js';
import { Visibility } from '../visibility.js';

/** Name of the only branch of a source. */
export const FETCH_BRANCH = 'fetch';

/** What a source carries over continue-as-new. */
export interface CarriedSource {
  readonly startedAt: string;
  readonly wish: Wish;
  readonly memory: SourceMemory;
  readonly nextMs: number;
  readonly forced: boolean;
  readonly branch: CarriedBranch;
}

/** What has come while a cycle was under way and outlives what that cycle says. */
export type MidCycleChange = 'reconfigured' | 'reset' | null;

/** One source: what it remembers, when it is fetched next, and what people want of it. */
export class SourceInstance {
  readonly workflowId = workflowInfo().workflowId;
  readonly startedAt: string;
  readonly control: Control;
  readonly record: BranchRecord;
  config: SourceConfig;
  /** The config entry as written: it is what the next execution and every cycle get and what `status` shows. */
  raw: unknown;
  memory: SourceMemory;
  /** When the next cycle begins. Epoch milliseconds. */
  nextMs: number;
  /** A person wants the next cycle: it asks an open breaker's source too, and is made even while paused. */
  forced: boolean;
  /** `interrupts` of the control when the fetch began that is under way; null between two. */
  #interruptsAtFetch: number | null = null;
  #isCutShort = false;
  #midCycleChange: MidCycleChange = null;
  readonly #visibility = new Visibility();

  constructor(config: SourceConfig, raw: unknown, carried?: CarriedSource) {
    const now = new Date().toISOString();
    this.config = config;
    this.raw = raw;
    this.startedAt = carried?.startedAt ?? now;
    this.control = new Control(carried?.wish);
    this.record = new BranchRecord(FETCH_BRANCH, now, carried?.branch);
    this.memory = carried?.memory ?? NEW_SOURCE;
    this.nextMs = carried?.nextMs ?? Date.parse(now);
    this.forced = carried?.forced ?? false;
    this.#visibility.show(this.status());
  }

  /** Number of failed cycles in a row. */
  get failures(): number {
    return this.memory.breaker.failures;
  }

  get isFetching(): boolean {
    return this.#interruptsAtFetch !== null;
  }

  /**
   * A stop, pause or new configuration has come since the fetch began. What was wanted before does not end it: a paused source may
   * be fetched once.
   */
  get fetchMustEnd(): boolean {
    const { interrupts, runMustEnd } = this.control;
    return this.#isCutShort || (this.isFetching && runMustEnd && interrupts !== this.#interruptsAtFetch);
  }

  beginFetch(): void {
    this.forced = false;
    this.#interruptsAtFetch = this.control.interrupts;
  }

  /** The fetch is being ended: what is wanted now cannot save it any more. */
  cutFetchShort(): void {
    this.#isCutShort = true;
  }

  endFetch(): void {
    // A pause that was taken back before it had ended anything: the fetch was made after all.
    if (!this.#isCutShort) this.forced = false;
    this.#interruptsAtFetch = null;
    this.#isCutShort = false;
  }

  /** Asked for while a cycle is under way, that cycle is it, unless it is about to end without a result. */
  fetchNow(): void {
    if (this.isFetching && !this.fetchMustEnd) return;
    this.forced = true;
    this.control.interrupt();
  }

  resetBreaker(): void {
    this.memory = resetBreaker(this.config, this.memory);
    this.record.retrying(0, null);
    if (this.isFetching) this.#midCycleChange ??= 'reset';
    if (this.control.wish === 'run') this.fetchNow();
  }

  takeMidCycleChange(): MidCycleChange {
    const change = this.#midCycleChange;
    this.#midCycleChange = null;
    return change;
  }

  /** Takes over what a cycle has found out. */
  remember(memory: SourceMemory): void {
    this.memory = memory;
    this.plan();
  }

  /** Takes a new configuration over; true when what is fetched or how it is read has changed, so that it is fetched anew at once. */
  reconfigure(config: SourceConfig, raw: unknown): boolean {
    const whatOf = ({ url, headers, user_agent, parse, dedup, charset, allow_private }: SourceConfig) =>
      JSON.stringify([url, headers, user_agent, parse, dedup, charset, allow_private]);
    const isAnother = whatOf(config) !== whatOf(this.config);
    this.config = config;
    this.raw = raw;
    if (isAnother) {
      this.memory = forgetSite(this.memory);
      this.nextMs = Date.now();
      if (this.isFetching) this.#midCycleChange = 'reconfigured';
      this.control.restart();
    } else if (!this.isFetching) {
      this.plan();
      this.control.interrupt();
    }
    return isAnother;
  }

  /** Plans the next cycle from what is remembered, no sooner than `notBeforeMs`. */
  plan(notBeforeMs = 0): void {
    this.nextMs = Math.max(nextCycleMs(this.config, this.memory, Date.now()), notBeforeMs);
  }

  /** Nobody was there when the cycle was due: it is made once, and not at the same moment as that of every other source. */
  planReturn(): void {
    this.nextMs = returnAtMs(scheduleOf(this.config, this.memory), Date.now());
  }

  enter(state: State, detail: string, nextMs: number | null = null): void {
    const now = new Date().toISOString();
    this.record.enter(state, detail, now, nextMs === null ? null : new Date(nextMs).toISOString());
    this.#visibility.show(this.status());
  }

  /** What the health report is told between cycles. */
  healthStatus(): SourceStatus {
    const { wish } = this.control;
    const ended = wish === 'stop' ? ({ stopped: true } as const) : {};
    const nextAttemptMs = wish === 'run' ? this.nextMs : null;
    return statusOf(this.memory, { paused: wish === 'pause', nextAttemptMs, ...ended });
  }

  status(): InstanceStatus {
    const { record } = this;
    return {
      id: this.workflowId,
      kind: 'source',
      name: this.config.id,
      host: null,
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

  carry(): CarriedSource {
    return {
      startedAt: this.startedAt,
      wish: this.control.wish,
      memory: this.memory,
      nextMs: this.nextMs,
      forced: this.forced,
      branch: this.record.carry(),
    };
  }
}
