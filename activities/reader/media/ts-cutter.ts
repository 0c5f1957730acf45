import type { CutterResult, SourceChange, StreamCutter } from './cutter.js';
import { SourceClock, TRANSPORT_STREAM_TIME } from './source-clock.js';
import { TsParameters } from './ts-parameters.js';
import { timeOf, TsScanner, type TsFact } from './ts-scanner.js';
import { findPacketStart, isPacketStart, PACKET_BYTES } from './ts-packet.js';

/** A picture whose parameters are not known after this many bytes is passed on as it is. */
const MAX_HELD_BYTES = 512 * 1024;

/**
 * Passes a transport stream on and stops before the first packet of a picture, sound or table that has other codec
 * parameters or another timeline. From the beginning of a picture until its parameters are known, data is held back.
 */
export class TsCutter implements StreamCutter {
  readonly #parameters = new TsParameters();
  readonly #clock = new SourceClock(TRANSPORT_STREAM_TIME);
  readonly #scanner = new TsScanner();
  /** Bytes not yet passed on. */
  #held: Buffer = Buffer.alloc(0);
  /** Where in the stream `#held` begins. */
  #heldPosition = 0;
  /** How much of `#held` has been scanned. */
  #scanned = 0;
  #finished = false;

  push(chunk: Buffer): CutterResult {
    if (this.#finished) return { output: [], change: null };
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const cut = this.#scan();
    if (cut !== null) {
      this.#finished = true;
      return { output: this.#release(cut.position), change: cut.change };
    }
    return { output: this.#release(this.#decidedPosition()), change: null };
  }

  flush(): readonly Buffer[] {
    if (this.#finished) return [];
    this.#finished = true;
    return this.#release(this.#heldPosition + this.#held.length);
  }

  /** Scans whole packets; the byte behind a packet is looked at too, so that lost alignment is noticed. */
  #scan(): { position: number; change: SourceChange } | null {
    while (this.#scanned + PACKET_BYTES < this.#held.length) {
      if (!isPacketStart(this.#held, this.#scanned)) {
        this.#scanned = findPacketStart(this.#held, this.#scanned + 1);
        continue;
      }
      const cut = this.#scanPacket();
      if (cut !== null) return cut;
      this.#scanned += PACKET_BYTES;
      if (this.#undecidedBytes() > MAX_HELD_BYTES) this.#scanner.abandonUndecided();
    }
    return null;
  }

  #scanPacket(): { position: number; change: SourceChange } | null {
    const position = this.#heldPosition + this.#scanned;
    const undecidedBefore = this.#scanner.undecidedFrom ?? position;
    for (const fact of this.#scanner.scan(this.#held, this.#scanned, position)) {
      const change = this.#parameters.observe(fact) ?? this.#observeTime(fact);
      if (change !== null) return { position: Math.min(fact.position, undecidedBefore), change };
    }
    return null;
  }

  #observeTime(fact: TsFact): SourceChange | null {
    const time = timeOf(fact);
    return time === null ? null : this.#clock.observe(time);
  }

  #undecidedBytes(): number {
    const scanned = this.#heldPosition + this.#scanned;
    return scanned - (this.#scanner.undecidedFrom ?? scanned);
  }

  /** Everything in front of this has been judged. */
  #decidedPosition(): number {
    return this.#heldPosition + this.#scanned - this.#undecidedBytes();
  }

  #release(position: number): Buffer[] {
    const length = position - this.#heldPosition;
    if (length <= 0) return [];
    const output = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#heldPosition = position;
    this.#scanned = Math.max(0, this.#scanned - length);
    return [output];
  }
}
