import { ADTS_PREFIX_BYTES, parseAdts, type AacParameters } from './aac.js';
import { readAccessUnitHead } from './annexb.js';
import { readPesHeader } from './pes.js';
import type { SequenceParameters, VideoCodec } from './sequence-parameters.js';

/** Parameter sets stand at the very beginning of a picture; further in there is nothing to wait for. */
const MAX_PROBED_BYTES = 32 * 1024;

/** What is known about the streams that are watched; of those without a codec only the time stamps are read. */
export interface ProbedStream {
  readonly kind: 'video' | 'audio';
  readonly codec: VideoCodec | 'aac' | null;
}

/** What the beginning of a PES packet says. */
export interface PesFacts {
  readonly position: number;
  readonly dts: number | null;
  readonly sets: readonly SequenceParameters[];
  readonly aac: AacParameters | null;
}

/** Stream types (ISO 13818-1 and ATSC) that are watched. */
const PROBED_STREAMS = new Map<number, ProbedStream>([
  [0x1b, { kind: 'video', codec: 'h264' }],
  [0x24, { kind: 'video', codec: 'hevc' }],
  // MPEG-1, MPEG-2 and MPEG-4 Part 2 video.
  [0x01, { kind: 'video', codec: null }],
  [0x02, { kind: 'video', codec: null }],
  [0x10, { kind: 'video', codec: null }],
  [0x0f, { kind: 'audio', codec: 'aac' }],
  // MPEG-1 and MPEG-2 audio, AAC in LATM, AC-3 and E-AC-3.
  [0x03, { kind: 'audio', codec: null }],
  [0x04, { kind: 'audio', codec: null }],
  [0x11, { kind: 'audio', codec: null }],
  [0x81, { kind: 'audio', codec: null }],
  [0x87, { kind: 'audio', codec: null }],
]);

/** What a stream of a type is watched as, or null. */
export function probedStreamOf(streamType: number): ProbedStream | null {
  return PROBED_STREAMS.get(streamType) ?? null;
}

/** Collects the beginning of each PES packet of one elementary stream until its time and its parameters are known. */
export class ElementaryProbe {
  readonly kind: ProbedStream['kind'];
  readonly #codec: ProbedStream['codec'];
  #bytes: Buffer | null = null;
  #position = 0;

  constructor({ kind, codec }: ProbedStream) {
    this.kind = kind;
    this.#codec = codec;
  }

  /** Where the undecided PES packet began, or null. */
  get undecidedFrom(): number | null {
    return this.#bytes === null ? null : this.#position;
  }

  /** Adds the payload of a packet; `position` is where that packet began in the stream. */
  push(payload: Buffer, unitStart: boolean, position: number): PesFacts[] {
    const facts: PesFacts[] = [];
    if (unitStart) {
      facts.push(...this.finish());
      this.#bytes = Buffer.from(payload);
      this.#position = position;
    } else if (this.#bytes !== null) {
      this.#bytes = Buffer.concat([this.#bytes, payload]);
    } else {
      return facts;
    }
    facts.push(...this.#decide(false));
    return facts;
  }

  /** Gives the current PES packet up. */
  abandon(): void {
    this.#bytes = null;
  }

  /** No more bytes come for the current PES packet. */
  finish(): PesFacts[] {
    return this.#decide(true);
  }

  #decide(ended: boolean): PesFacts[] {
    const bytes = this.#bytes;
    if (bytes === null) return [];
    const last = ended || bytes.length >= MAX_PROBED_BYTES;
    const facts = this.#read(bytes, last);
    if (facts === 'undecided' && !last) return [];
    this.#bytes = null;
    return facts === 'undecided' || facts === null ? [] : [facts];
  }

  /** Null when the bytes are no PES packet. */
  #read(bytes: Buffer, ended: boolean): PesFacts | 'undecided' | null {
    const header = readPesHeader(bytes);
    if (header === 'incomplete') return 'undecided';
    if (header === null) return null;
    const found = { position: this.#position, dts: header.dts };
    const data = bytes.subarray(header.dataStart);
    if (this.#codec === null) return { ...found, sets: [], aac: null };
    if (this.#codec === 'aac') {
      if (data.length < ADTS_PREFIX_BYTES && !ended) return 'undecided';
      return { ...found, sets: [], aac: parseAdts(data) };
    }
    const head = readAccessUnitHead(this.#codec, data, ended);
    if (!head.pictureSeen && !ended) return 'undecided';
    return { ...found, sets: head.sets, aac: null };
  }
}
