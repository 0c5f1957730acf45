import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSegmentName, type SegmentName } from '../../core/manifest/index.js';
import type { Evidence } from '../../core/evidence.js';
import type { RunEnd } from '../../core/run.js';
import type { RunWatcher, WatchedRun } from '../custody/handler.js';
import type { Branch } from './branch.js';
import { concludeRuns } from './conclude-hls.js';
import { collectRecordingEvidence } from './evidence.js';
import { unlessMissing } from './file-error.js';
import { noteHlsStart } from './hls-start.js';
import { shortDetail, type RunEndFacts } from './run-facts.js';
import { listSegments } from './segment-files.js';
import { settleBranch } from './settle.js';
import type { RecordingTools } from './tools.js';

/** A manifest that could not be written, say on a full disk, is tried again this often. */
const RETRY_INTERVAL_MS = 5_000;
/** The same trouble is told this often. */
const WARNING_INTERVAL_MS = 60_000;
/** A segment that had to wait is tried again this often. */
const SETTLE_INTERVAL_MS = 5_000;

/** Follows a recording: takes the clock of the growing segment and brings closed ones into the manifest. */
export class RecordingWatcher implements RunWatcher {
  readonly #branch: Branch;
  readonly #tools: RecordingTools;
  readonly #watched: WatchedRun;
  /** The segment ffmpeg is writing; null until it is known. */
  #current: SegmentName;
  #knowsCurrent = false;
  #closedBytes = 0;
  #currentBytes = 0;
  #knowsHlsStart = false;
  #settling = false;
  #isSettled = false;
  #settledAtMs = 0;
  #warnedAtMs = 0;
  #retry: NodeJS.Timeout | null = null;

  constructor(branch: Branch, tools: RecordingTools, watched: WatchedRun, first: SegmentName) {
    this.#branch = branch;
    this.#tools = tools;
    this.#watched = watched;
    this.#current = first;
  }

  async tick(): Promise<void> {
    try {
      const nowMs = Date.now();
      await this.#noteHlsStart();
      const hasClosed = await this.#takeSamples(nowMs);
      if (!hasClosed && (this.#isSettled || nowMs - this.#settledAtMs < SETTLE_INTERVAL_MS)) return;
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

  async collectEvidence(): Promise<Evidence> {
    try {
      return await collectRecordingEvidence({
        folders: this.#branch.folders,
        paths: this.#watched.paths,
        run: this.#current.run,
        usesReader: this.#usesReader,
      });
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
      try {
        await this.#noteHlsStart();
        await this.#branch.facts.update(run, { end: endFacts(end) });
        await concludeRuns(this.#branch, this.#tools, run);
        await settleBranch(this.#branch, this.#tools, run);
        await this.#forgetEmptyRuns();
      } catch (error) {
        this.#warnUnsettled(error);
        this.#retryLater();
      }
    });
  }

  get #usesReader(): boolean {
    return this.#watched.plan.stages.length > 1;
  }

  async #settle(): Promise<void> {
    if (this.#settling) return;
    this.#settling = true;
    try {
      this.#isSettled = false;
      this.#isSettled = await this.#branch.exclusive(() => settleBranch(this.#branch, this.#tools));
    } catch (error) {
      this.#warnUnsettled(error);
    } finally {
      this.#settling = false;
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

  #retryLater(): void {
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#branch
        .exclusive(() => settleBranch(this.#branch, this.#tools, this.#current.run))
        .catch(() => this.#retryLater());
    }, RETRY_INTERVAL_MS).unref();
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
