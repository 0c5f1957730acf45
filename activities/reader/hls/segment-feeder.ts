import type { ReaderContext } from '../context.js';
import type { SourceChange } from '../media/cutter.js';
import { inspectSegment, type SegmentFacts } from '../media/segment-inspection.js';
import { SourceClock, TRANSPORT_STREAM_TIME } from '../media/source-clock.js';
import { TsParameters } from '../media/ts-parameters.js';
import type { HlsClient } from './client.js';
import { SegmentDecrypter } from './decrypt.js';
import type { InitSection, MediaSegment } from './media-playlist.js';
import { resumePointOf } from './schedule.js';

/** Feeds whole segments: downloaded and judged before the first byte is written. */
export class SegmentFeeder {
  readonly #context: ReaderContext;
  readonly #client: HlsClient;
  readonly #decrypter: SegmentDecrypter;
  readonly #parameters = new TsParameters();
  readonly #clock = new SourceClock(TRANSPORT_STREAM_TIME);
  #init: { readonly key: string; readonly bytes: Buffer } | null = null;
  #lastFedSequence: number | null = null;

  constructor(context: ReaderContext, client: HlsClient) {
    this.#context = context;
    this.#client = client;
    this.#decrypter = new SegmentDecrypter(client);
  }

  /**
   * Feeds a segment and reports it. Returns the change, having fed nothing, when its codec parameters or its timeline
   * differ from those of the segments before it.
   */
  async feed(segment: MediaSegment, targetDurationMs: number): Promise<SourceChange | null> {
    const init = await this.#initOf(segment, targetDurationMs);
    const bytes = await this.#download(segment, targetDurationMs);
    const facts = inspectSegment(bytes);
    const change =
      this.#initChange(init) ?? this.#parameterChange(facts) ?? this.#jump(segment, facts, targetDurationMs);
    if (change !== null) return change;
    if (init !== null && this.#init === null) await this.#context.output.write(init.bytes);
    this.#init = init;
    await this.#context.output.write(bytes);
    this.#lastFedSequence = segment.sequence;
    for (const time of facts?.times ?? []) this.#clock.learn(time);
    this.#report(segment, bytes.length, facts);
    return null;
  }

  async #initOf(
    segment: MediaSegment,
    targetDurationMs: number,
  ): Promise<{ key: string; bytes: Buffer } | null> {
    if (segment.init === null) return null;
    const key = keyOf(segment.init);
    if (this.#init?.key === key) return this.#init;
    const { url, byteRange } = segment.init;
    const raw = await this.#client.bytes(url, byteRange, targetDurationMs);
    const plain =
      segment.key?.iv != null
        ? await this.#decrypter.decrypt(raw, segment.key, segment.sequence, targetDurationMs)
        : raw;
    return { key, bytes: plain };
  }

  async #download(segment: MediaSegment, targetDurationMs: number): Promise<Buffer> {
    const bytes = await this.#client.bytes(segment.url, segment.byteRange, targetDurationMs);
    if (segment.key === null) return bytes;
    return this.#decrypter.decrypt(bytes, segment.key, segment.sequence, targetDurationMs);
  }

  #initChange(init: { readonly bytes: Buffer } | null): SourceChange | null {
    if (this.#lastFedSequence === null) return null;
    const same =
      init === null || this.#init === null ? init === this.#init : init.bytes.equals(this.#init.bytes);
    return same ? null : { before: describeInit(this.#init), after: describeInit(init) };
  }

  #parameterChange(facts: SegmentFacts | null): SourceChange | null {
    for (const fact of facts?.initial ?? []) {
      const change = this.#parameters.observe(fact);
      if (change !== null) return change;
    }
    return null;
  }

  /** A jump inside a segment is not seen here: such a segment is fed whole, and the next one compared with its end. */
  #jump(
    { sequence }: MediaSegment,
    facts: SegmentFacts | null,
    targetDurationMs: number,
  ): SourceChange | null {
    const skipped = this.#lastFedSequence === null ? 0 : sequence - this.#lastFedSequence - 1;
    const missingSeconds = (skipped * targetDurationMs) / 1_000;
    for (const time of facts?.firstTimes ?? []) {
      const jump = this.#clock.judge(time, missingSeconds);
      if (jump !== null) return jump;
    }
    return null;
  }

  #report(segment: MediaSegment, bytes: number, facts: SegmentFacts | null): void {
    const { sequence, uri, programDateTime } = resumePointOf(segment);
    this.#context.events.write({
      type: 'hls-segment',
      sequence,
      uri,
      durationMs: segment.durationMs,
      bytes,
      discontinuity: segment.discontinuity,
      ...(programDateTime === undefined ? {} : { programDateTime }),
      firstVideoDts: facts?.firstVideoDts ?? null,
      lastVideoDts: facts?.lastVideoDts ?? null,
      videoFrames: facts?.videoFrames ?? null,
    });
  }
}

function keyOf(init: InitSection): string {
  return `${init.url} ${init.byteRange?.offset ?? ''} ${init.byteRange?.length ?? ''}`;
}

function describeInit(init: { readonly bytes: Buffer } | null): string {
  return init === null ? 'no initialisation section' : `initialisation section of ${init.bytes.length} bytes`;
}
