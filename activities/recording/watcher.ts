import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSegmentName, type RunEndFacts, type SegmentName } from '../../core/manifest/index.js';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd, RunNews } from '../../core/run.js';
import type { RunWatcher, WatchedRun } from '../custody/handler.js';
import type { Branch } from './branch.js';
import { concludeRuns } from './conclude-hls.js';
import { collectRecordingEvidence } from './evidence.js';
import { unlessMissing } from './file-error.js';
import { noteHlsStart } from './hls-start.js';
import { shortDetail } from './run-facts.js';
import { listSegments } from './segment-files.js';
import { settleBranch } from './settle.js';
import type { ContinuityCounter } from '../pipeline/continuity.js';
import type { StorageWatch } from '../storage/index.js';
import type { Retention } from './retention.js';
import type { RecordingTools } from './tools.js';

/** The same trouble is told this often. */
const WARNING_INTERVAL_MS = 60_000;
/** A segment that had to wait is tried again this often. */
const SETTLE_INTERVAL_MS = 5_000;
/** Segments grow old although none is closed. */
const RETENTION_INTERVAL_MS = 30_000;

/** What is done only for some recordings. */
export interface WatcherExtras {
  readonly storage?: StorageWatch;
  readonly retention?: Retention;
  readonly continuity?: ContinuityCounter;
  /** Reaches a process that waits for its input for ever. */
  readonly wake?: () => void;
}

/** Follows a recording: takes the clock of the growing segment and brings closed ones into the manifest. */
export class RecordingWatcher implements RunWatcher {
  readonly #branch: Branch;
  readonly #tools: RecordingTools;
  readonly #watched: WatchedRun;
  readonly #extras: WatcherExtras;
  /** Only a reader of a hub counts them. */
  readonly continuityErrors?: () => number;
  readonly wake?: () => void;
  /** The segment ffmpeg is writing; null until it is known. */
  #current: SegmentName;
  #knowsCurrent = false;
  #closedBytes = 0;
  #currentBytes = 0;
  #knowsHlsStart = false;
  #settling = false;
  #isSettled = false;
  #settledAtMs = 0;
  #retainedAtMs = 0;
  #warnedAtMs = 0;

  constructor(
    branch: Branch,
    tools: RecordingTools,
    watched: WatchedRun,
    first: SegmentName,
    extras: WatcherExtras = {},
  ) {
    this.#branch = branch;
    this.#extras = extras;
    const { continuity, wake } = extras;
    if (continuity !== undefined) this.continuityErrors = () => continuity.errors;
    if (wake !== undefined) this.wake = wake;
    this.#tools = tools;
    this.#watched = watched;
    this.#current = first;
  }

  async tick(): Promise<void> {
    try {
      const nowMs = Date.now();
      this.#extras.continuity?.read();
      await this.#extras.storage?.look(this.bytesWritten(), nowMs);
      await this.#noteHlsStart();
      const hasClosed = await this.#takeSamples(nowMs);
      if (!hasClosed && !this.#isDue(nowMs)) return;
      this.#settledAtMs = nowMs;
      // Looking a segment through takes longer than a tick may.
      void this.#settle();
    } catch (error) {
      this.#tools.logger.warn(
        { runKey: this.#watched.spec.runKey, error },
        'recording could not be looked at',
      );
    }
  }

  bytesWritten(): number {
    return this.#closedBytes + this.#currentBytes;
  }

  mustEnd(): Evidence | null {
    return this.#extras.storage?.mustEnd() ?? null;
  }

  takeNews(): Pick<RunNews, 'kind' | 'detail'> | null {
    return this.#extras.storage?.takeNews() ?? null;
  }

  async collectEvidence(): Promise<Evidence> {
    try {
      this.#extras.continuity?.read();
      // A disk that ends a recording explains it, whoever was quicker: the recording, its worker or this look.
      await this.#extras.storage?.look(this.bytesWritten(), Date.now());
      return (
        this.mustEnd() ??
        (await collectRecordingEvidence({
          folders: this.#branch.folders,
          paths: this.#watched.paths,
          run: this.#current.run,
          usesReader: this.#usesReader,
          ownAddress: this.#ownAddress,
        }))
      );
    } catch (error) {
      this.#tools.logger.warn(
        { runKey: this.#watched.spec.runKey, error },
        'evidence could not be collected',
      );
      return {};
    }
  }

  async finalize(end: RunEnd): Promise<void> {
    const { run } = this.#current;
    await this.#branch.exclusive(async () => {
      await this.#noteHlsStart();
      await this.#branch.facts.update(run, { end: endFacts(end) });
      await concludeRuns(this.#branch, this.#tools, run);
      await settleBranch(this.#branch, this.#tools, run);
      await this.#forgetEmptyRuns();
    });
    await this.#retain();
  }

  get #usesReader(): boolean {
    return this.#watched.plan.stages.length > 1;
  }

  get #ownAddress(): string | null {
    const { recipe } = this.#watched.spec;
    return recipe.kind === 'record-source' && !this.#usesReader ? recipe.media.url : null;
  }

  #isDue(nowMs: number): boolean {
    const { retention } = this.#extras;
    if (retention !== undefined && nowMs - this.#retainedAtMs >= RETENTION_INTERVAL_MS) return true;
    return !this.#isSettled && nowMs - this.#settledAtMs >= SETTLE_INTERVAL_MS;
  }

  async #settle(): Promise<void> {
    if (this.#settling) return;
    this.#settling = true;
    try {
      this.#isSettled = false;
      this.#isSettled = await this.#branch.exclusive(() => settleBranch(this.#branch, this.#tools));
      await this.#retain();
    } catch (error) {
      this.#warnUnsettled(error);
    } finally {
      this.#settling = false;
    }
  }

  /** Removes what is not kept. Nothing else depends on it, so its troubles are told and no more. */
  async #retain(): Promise<void> {
    const { retention } = this.#extras;
    if (retention === undefined) return;
    const nowMs = Date.now();
    this.#retainedAtMs = nowMs;
    try {
      await this.#branch.exclusive(() => retention.apply(nowMs));
    } catch (error) {
      const { runKey } = this.#watched.spec;
      this.#tools.logger.warn({ runKey, error }, 'old segments could not be removed');
    }
  }

  /** Notes how long the newest segment is. True when one before it has been closed. */
  async #takeSamples(nowMs: number): Promise<boolean> {
    const samples = this.#branch.samplesOf(this.#current.run);
    await this.#findCurrent();
    for (let hasClosed = false; ; hasClosed = true) {
      const { number } = this.#current;
      const stats = await this.#statSegment(number);
      if (stats !== null && stats.size > 0) {
        this.#currentBytes = stats.size;
        await samples.add({ number, writtenAtMs: stats.mtimeMs, bytes: stats.size }, nowMs);
      }
      if ((await this.#statSegment(number + 1)) === null) return hasClosed;
      this.#current = { ...this.#current, number: number + 1 };
      this.#closedBytes += this.#currentBytes;
      this.#currentBytes = 0;
    }
  }

  /** After an adoption the run may be at any number. */
  async #findCurrent(): Promise<void> {
    if (this.#knowsCurrent) return;
    const { folder } = this.#branch.folders;
    const files = (await listSegments(folder)).filter((file) => file.run === this.#current.run);
    const newest = files.pop();
    if (newest !== undefined) this.#current = { ...this.#current, number: newest.number };
    for (const { file } of files) {
      this.#closedBytes += (await unlessMissing(stat(join(folder, file)), null))?.size ?? 0;
    }
    this.#knowsCurrent = true;
  }

  async #statSegment(number: number): Promise<{ size: number; mtimeMs: number } | null> {
    const file = formatSegmentName({ ...this.#current, number });
    return unlessMissing(stat(join(this.#branch.folders.folder, file)), null);
  }

  async #noteHlsStart(): Promise<void> {
    if (this.#knowsHlsStart || !this.#usesReader) return;
    this.#knowsHlsStart = await noteHlsStart(this.#branch, this.#current.run, this.#watched.paths.readerFile);
  }

  /** Of runs that recorded nothing only the newest has to be known: an outage may have hundreds. */
  async #forgetEmptyRuns(): Promise<void> {
    const recorded = (await this.#branch.manifest.lastSegment())?.run ?? 0;
    const empty = (await this.#branch.facts.all()).filter(
      (facts) => facts.run > recorded && facts.end !== null && facts.invalid === null,
    );
    for (const facts of empty.slice(1, -1)) await this.#branch.facts.remove(facts.run);
  }

  #warnUnsettled(error: unknown): void {
    const nowMs = Date.now();
    if (nowMs - this.#warnedAtMs < WARNING_INTERVAL_MS) return;
    this.#warnedAtMs = nowMs;
    const { runKey } = this.#watched.spec;
    this.#tools.logger.warn({ runKey, error }, 'segments are on disk but not in the manifest yet');
  }
}

function endFacts(end: RunEnd): RunEndFacts {
  return {
    outcome: end.outcome,
    cause: end.cause ?? null,
    detail: shortDetail(end.detail),
    endedAt: end.endedAt,
  };
}
