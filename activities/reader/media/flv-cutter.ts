import type { CutterResult, SourceChange, StreamCutter } from './cutter.js';
import {
  describeConfig,
  readTagHeader,
  readTagKind,
  TAG_HEADER_BYTES,
  TAG_KIND_BYTES,
  TAG_TRAILER_BYTES,
  type FlvTagHeader,
  type FlvTagKind,
} from './flv-tag.js';
import { FLV_TIME, SourceClock } from './source-clock.js';

/** A decoder configuration is some hundred bytes; a larger one is passed on unread. */
const MAX_CONFIG_TAG_BYTES = 64 * 1024;
const SIGNATURE = Buffer.from('FLV');
/** File header and the size of the tag before the first. */
const FILE_HEADER_BYTES = 9 + 4;

/** A stream of each kind is all that FLV has. */
const FLV_STREAMS = { video: 0, audio: 1 } as const;

type Step = 'more' | 'next' | SourceChange;

/**
 * Passes an FLV stream on and stops before the tag that brings another codec, another decoder configuration or another
 * timeline.
 * What is not FLV, or no longer is, passes through.
 */
export class FlvCutter implements StreamCutter {
  /** Bytes whose meaning is not known yet. */
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the current tag still to be passed on without a look. */
  #unread = 0;
  #lost = false;
  #finished = false;
  readonly #codecs = new Map<string, string>();
  readonly #configs = new Map<string, Buffer>();
  readonly #clock = new SourceClock(FLV_TIME);

  push(chunk: Buffer): CutterResult {
    if (this.#finished) return { output: [], change: null };
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const output: Buffer[] = [];
    for (;;) {
      this.#passUnread(output);
      const step = this.#step();
      if (step === 'more') return { output, change: null };
      if (step === 'next') continue;
      this.#finished = true;
      return { output, change: step };
    }
  }

  flush(): readonly Buffer[] {
    if (this.#finished || this.#held.length === 0) return [];
    this.#finished = true;
    return [this.#held];
  }

  #passUnread(output: Buffer[]): void {
    const length = this.#lost ? this.#held.length : Math.min(this.#unread, this.#held.length);
    if (length === 0) return;
    output.push(this.#held.subarray(0, length));
    this.#held = this.#held.subarray(length);
    if (!this.#lost) this.#unread -= length;
  }

  /** Looks at what stands at the beginning of `#held`: a file header or a tag. */
  #step(): Step {
    if (this.#held.length < TAG_HEADER_BYTES) return 'more';
    if (this.#held.subarray(0, 3).equals(SIGNATURE)) return this.#letThrough(FILE_HEADER_BYTES);
    const header = readTagHeader(this.#held);
    if (header === null) {
      this.#lost = true;
      return 'next';
    }
    return this.#judgeTag(header);
  }

  #judgeTag(header: FlvTagHeader): Step {
    const tagBytes = TAG_HEADER_BYTES + header.dataBytes + TAG_TRAILER_BYTES;
    const kindBytes = Math.min(header.dataBytes, TAG_KIND_BYTES);
    if (this.#held.length < TAG_HEADER_BYTES + kindBytes) return 'more';
    const kind = readTagKind(
      header.type,
      this.#held.subarray(TAG_HEADER_BYTES, TAG_HEADER_BYTES + kindBytes),
    );
    if (kind === null) return this.#letThrough(tagBytes);
    const change = this.#compareCodec(header.type, kind.codec) ?? this.#compareTime(header, kind);
    if (change !== null) return change;
    if (kind.configStart === null || tagBytes > MAX_CONFIG_TAG_BYTES) return this.#letThrough(tagBytes);
    if (this.#held.length < tagBytes) return 'more';
    const config = this.#held.subarray(
      TAG_HEADER_BYTES + kind.configStart,
      TAG_HEADER_BYTES + header.dataBytes,
    );
    return this.#compareConfig(header.type, kind.codec, config) ?? this.#letThrough(tagBytes);
  }

  #compareCodec(type: string, after: string): SourceChange | null {
    const before = this.#codecs.get(type);
    if (before === undefined) this.#codecs.set(type, after);
    return before === undefined || before === after ? null : { before, after };
  }

  #compareConfig(type: string, codec: string, config: Buffer): SourceChange | null {
    if (config.length === 0) return null;
    const known = this.#configs.get(type);
    if (known === undefined) this.#configs.set(type, Buffer.from(config));
    if (known === undefined || known.equals(config)) return null;
    return { before: describeConfig(codec, known), after: describeConfig(codec, config) };
  }

  #compareTime({ type, timestampMs }: FlvTagHeader, { hasFrame }: FlvTagKind): SourceChange | null {
    if (type === 'script' || !hasFrame) return null;
    return this.#clock.observe({ kind: type, stream: FLV_STREAMS[type], ticks: timestampMs });
  }

  #letThrough(bytes: number): 'next' {
    this.#unread = bytes;
    return 'next';
  }
}
