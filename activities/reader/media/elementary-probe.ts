import { ADTS_PREFIX_BYTES, parseAdts, type AacParameters } from './aac.js';
import { readAccessUnitHead } from './annexb.js';
import { readPesHeader } from './pes.js';
import type { SequenceParameters, VideoCodec } from './sequence-parameters.js';

/** Parameter sets stand at the very beginning of a picture; further in there is nothing to wait for. */
const MAX_PROBED_BYTES = 32 * 1024;

export type ProbedCodec = VideoCodec | 'aac';

/** What the beginning of a PES packet says. */
export interface PesFacts {
  readonly position: number;
  readonly dts: number | null;
  readonly sets: readonly SequenceParameters[];
  readonly aac: AacParameters | null;
}

/** Stream types (ISO 13818-1) whose parameters are watched. */
export function probedCodecOf(streamType: number): ProbedCodec | null {
  if (streamType === 0x1b) return 'h264';
  if (streamType === 0x24) return 'hevc';
  if (streamType === 0x0f) return 'aac';
  return null;
}

/** Collects the beginning of each PES packet of one elementary stream until its parameters are known. */
export class ElementaryProbe {
  readonly codec: ProbedCodec;
  #bytes: Buffer | null = null;
  #position = 0;

  constructor(codec: ProbedCodec) {
    this.codec = codec;
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
    if (this.codec === 'aac') {
      if (data.length < ADTS_PREFIX_BYTES && !ended) return 'undecided';
      return { ...found, sets: [], aac: parseAdts(data) };
    }
    const head = readAccessUnitHead(this.codec, data, ended);
    if (!head.pictureSeen && !ended) return 'undecided';
    return { ...found, sets: head.sets, aac: null };
  }
}
