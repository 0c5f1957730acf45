import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isJobOver, type JobEventBody } from '../../../core/jobs/events.js';
import type { JobView } from '../../../core/jobs/view.js';
import { frameOf, type ResetBody } from '../../follow/wire.js';
import type { JobReading, JobSource } from '../../library/jobs.js';
import { EventWindow } from './event-window.js';
import { GONE_READS, POLL_INTERVAL_MS, VIEW_FRESH_MS } from './limits.js';
import { Places } from './places.js';
import { checkStore, pollJob, type FailedRead } from './read-job.js';
import type { StreamClient } from '../streams/stream-client.js';
import type { ClientPosition, Recovery, StreamFacts } from '../streams/stream-facts.js';
import { StreamLog } from './stream-log.js';

export interface ReaderDeps {
  readonly source: JobSource;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** The first poll that ends after a client came may have begun before. */
const POLLS_TO_BE_SURE = 2;

/** What is known of a job when a client comes. */
export type Acquaintance = 'known' | 'unknown' | 'undetermined';

/** Reads one job, twice a second, for all of its clients in this process. */
export class JobReader implements StreamFacts {
  readonly window = new EventWindow();
  readonly clients = new Set<StreamClient>();
  readonly log: StreamLog;
  view: JobView | null = null;
  polls = 0;
  /** Requests being answered and clients; a reader without any is forgotten. */
  users = 0;
  /** The window goes up to the newest event that the job has told, not only to what its mirror knew. */
  private complete = false;
  over = false;
  farewell = '';
  /** What the newest poll could not read, for a client that comes now; empty when all was well. */
  trouble = '';

  /** Resolves with the first poll that can tell whether there is such a job. */
  readonly acquaintance: Promise<Acquaintance>;
  private acquainted: (what: Acquaintance) => void = () => undefined;

  private readonly places: Places;
  private readonly stopping = new AbortController();
  private completedSaid = false;
  private goneReads = 0;
  private failedPolls = 0;
  /** When the workflow last told its state. */
  private toldAtMs = -Infinity;
  private overAtMs = Infinity;

  constructor(
    readonly id: string,
    private readonly deps: ReaderDeps,
  ) {
    this.places = new Places(deps.nowMs());
    this.log = new StreamLog(deps.logger, id, deps.nowMs);
    this.acquaintance = new Promise((resolve) => (this.acquainted = resolve));
    void this.run();
  }

  /** Ends the reading, e.g. as nobody follows any more. */
  stop(): void {
    this.stopping.abort();
    this.acquainted('undetermined');
  }

  /** The job as its workflow has just told it, or as it has ended; null when that has to be asked. */
  get freshView(): JobView | null {
    const { view } = this;
    if (view === null) return null;
    const isFresh = this.deps.nowMs() - this.toldAtMs <= VIEW_FRESH_MS;
    return isFresh || (this.over && isJobOver(view.status) && !this.isOutdated) ? view : null;
  }

  /** The job had ended some time ago, and not well: somebody may have started it again. */
  get isOutdated(): boolean {
    if (this.view?.status === 'completed') return false;
    return this.over && this.deps.nowMs() - this.overAtMs > VIEW_FRESH_MS;
  }

  /** Sends each client what is new to it. */
  pumpAll(): void {
    for (const client of this.clients) client.pump();
  }

  /** A snapshot for a client whose next event the log no longer has, or whose cursor is of another life of the job. */
  recover({ cursor, cameAtPoll }: ClientPosition): Recovery | null {
    const { view, window } = this;
    if (view === null) return null;
    const next = window.first - 1;
    const tooOld = cursor < next;
    // Another process may have told the client what is only read here with the next poll that begins.
    const readSince = this.over || this.polls >= cameAtPoll + POLLS_TO_BE_SURE;
    if (!tooOld && !(this.complete && readSince && cursor > window.last)) return null;
    const missed = tooOld ? { from: cursor + 1, to: next } : null;
    return { cursor: next, frame: this.frameOfNow({ type: 'reset', job: view, missed }, next) };
  }

  /** Polls until the job is over. Whatever a poll throws is told, and is no reason to end. */
  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted && !this.over) {
      let more = false;
      try {
        more = await this.pollOnce();
      } catch (error) {
        this.report({ place: 'workflow', error });
      }
      if (!more && !this.over) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await sleep(POLL_INTERVAL_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** @returns true when there is more to read at once */
  private async pollOnce(): Promise<boolean> {
    const { source, nowMs } = this.deps;
    const { reading, failures } = await pollJob(source, this.id, this.window.last, this.places, nowMs);
    if (this.stopping.signal.aborted) return false;
    this.polls += 1;
    this.failedPolls = failures.length === 0 ? 0 : this.failedPolls + 1;
    this.trouble = '';
    for (const failure of failures) this.report(failure);
    if (reading === null) this.missing();
    else if (reading === undefined) this.acquainted('undetermined');
    else this.take(reading);
    this.log.polled(this.polls, this.view, this.clients.size);
    this.pumpAll();
    if (reading?.from === 'workflow' && !this.over) await this.checkStoreIfDue();
    return reading !== null && reading !== undefined && !this.caughtUp(reading) && reading.events.length > 0;
  }

  private async checkStoreIfDue(): Promise<void> {
    const { source, nowMs } = this.deps;
    if (!this.places.storeIsDue(nowMs())) return;
    const failure = await checkStore(source, this.id, this.window.last, this.places, nowMs);
    if (failure !== null && !this.stopping.signal.aborted) this.report(failure);
  }

  private take({ view, events, from }: JobReading): void {
    this.goneReads = 0;
    // The workflow knows all that was ever told, so this is the log of another job.
    if (from === 'workflow' && view.lastOffset < this.window.last) this.window.startAt(1);
    this.window.add(events);
    if (events.length === 0) this.window.skipTo(view.firstOffset);
    // The mirror is some seconds behind: it must not turn back what the workflow has told.
    if (this.view === null || from === 'workflow' || view.lastOffset >= this.view.lastOffset)
      this.view = view;
    if (from === 'workflow') this.toldAtMs = this.deps.nowMs();
    const caughtUp = this.window.last >= view.lastOffset;
    this.complete = caughtUp && (from === 'workflow' || isJobOver(view.status));
    this.acquainted('known');
    if (caughtUp && isJobOver(view.status)) this.finish(view);
  }

  private caughtUp({ view }: JobReading): boolean {
    return this.window.last >= view.lastOffset;
  }

  private finish(view: JobView): void {
    this.over = true;
    this.overAtMs = this.deps.nowMs();
    const { status } = view;
    // The log of a job that was terminated has no last word.
    if (!this.window.closed)
      this.farewell = this.frameOfNow({
        type: 'done',
        status,
        message: view.error?.message ?? `the job is ${status}`,
      });
    if (this.clients.size > 0) this.sayCompleted();
  }

  /** Once, as soon as there is a stream that this ends. */
  sayCompleted(): void {
    if (!this.over || this.completedSaid || this.view === null || !isJobOver(this.view.status)) return;
    this.completedSaid = true;
    this.log.completed(this.view);
  }

  /** Nobody knows the job. One that was known before is asked for again before that is believed. */
  private missing(): void {
    this.goneReads += 1;
    if (this.view !== null && this.goneReads < GONE_READS) return;
    this.over = true;
    this.acquainted('unknown');
    if (this.clients.size === 0) return;
    const message = 'The job is gone: neither the Temporal server nor the store knows it.';
    this.log.failed(new Error(message), 'it cannot be followed', this.view);
    this.farewell =
      this.frameOfNow({ type: 'error', fatal: true, error_code: 'JOB_GONE', message }) +
      this.frameOfNow({ type: 'done', status: 'failed', message });
  }

  /** Tells log and clients that a place could not be read; the reading goes on. */
  private report({ place, error }: FailedRead): void {
    this.log.failed(error, `cannot read it from the ${place}`, this.view);
    const reason = error instanceof Error ? error.message : String(error);
    const frame = this.frameOfNow({
      type: 'error',
      fatal: false,
      error_code: 'POLL_ERROR',
      message: `The job cannot be read from the ${place} at present: ${reason}`,
      details: { place, attempt: this.failedPolls },
    });
    this.trouble += frame;
    for (const client of this.clients) client.tell(frame);
  }

  /** Without an offset: not part of the log. */
  private frameOfNow(body: JobEventBody | ResetBody, offset: number | null = null): string {
    return frameOf(offset, { ...body, time: new Date(this.deps.nowMs()).toISOString() });
  }
}
