import type { ReaderContext } from '../context.js';
import type { ParameterChange } from '../media/cutter.js';
import { inspectSegment, type SegmentFacts } from '../media/segment-inspection.js';
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
  #init: { readonly key: string; readonly bytes: Buffer } | null = null;
  #fedAny = false;

  constructor(context: ReaderContext, client: HlsClient) {
    this.#context = context;
    this.#client = client;
    this.#decrypter = new SegmentDecrypter(client);
  }

  /** Feeds a segment and reports it. Returns the change, having fed nothing, when its codec parameters differ. */
  async feed(segment: MediaSegment, targetDurationMs: number): Promise<ParameterChange | null> {
    const init = await this.#initOf(segment, targetDurationMs);
    const bytes = await this.#download(segment, targetDurationMs);
    const facts = inspectSegment(bytes);
    const change = this.#initChange(init) ?? this.#parameterChange(facts);
    if (change !== null) return change;
    if (init !== null && this.#init === null) await this.#context.output.write(init.bytes);
    this.#init = init;
    await this.#context.output.write(bytes);
    this.#fedAny = true;
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

  #initChange(init: { readonly bytes: Buffer } | null): ParameterChange | null {
    if (!this.#fedAny) return null;
    const same =
      init === null || this.#init === null ? init === this.#init : init.bytes.equals(this.#init.bytes);
    return same ? null : { before: describeInit(this.#init), after: describeInit(init) };
  }

  #parameterChange(facts: SegmentFacts | null): ParameterChange | null {
    for (const fact of facts?.initial ?? []) {
      const change = this.#parameters.observe(fact);
      if (change !== null) return change;
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
