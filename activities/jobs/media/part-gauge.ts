import type { MediaHole } from '../../../core/manifest/index.js';
import { HOLE_MIN_MS, HOLE_PICTURES_MIN, PACKET_DURATION_MS } from '../../recording/measurement.js';
import type { MediaPacket } from '../../recording/packets.js';

/** Times of a file are rounded to its own units. */
const ROUNDING_MS = 1;

/** Packets of one stream. */
class StreamGauge {
  frames = 0;
  framesBeforeKey = 0;
  fromMs = Number.POSITIVE_INFINITY;
  toMs = Number.NEGATIVE_INFINITY;
  readonly startsMs: number[] = [];
  readonly endsMs: number[] = [];
  #hasKey = false;

  take({ presentedAtMs, isKey }: MediaPacket, endMs: number): void {
    this.frames += 1;
    this.#hasKey ||= isKey;
    if (!this.#hasKey) this.framesBeforeKey += 1;
    this.startsMs.push(presentedAtMs);
    this.endsMs.push(endMs);
    this.fromMs = Math.min(this.fromMs, presentedAtMs);
    this.toMs = Math.max(this.toMs, endMs);
  }

  /** Packets that end before an instant. */
  endedBy(instantMs: number): number {
    return this.endsMs.filter((endMs) => endMs <= instantMs + ROUNDING_MS).length;
  }

  /** Packets that begin at an instant or later. */
  beginningFrom(instantMs: number): number {
    return this.startsMs.filter((startMs) => startMs >= instantMs - ROUNDING_MS).length;
  }

  /** Usual distance of two packets. */
  get distanceMs(): number {
    return this.frames === 0 ? 0 : (this.toMs - this.fromMs) / this.frames;
  }
}

/** Adds the packets of a file up, in its own time. */
export class PartGauge {
  readonly #streams = new Map<number, StreamGauge>();
  readonly #holes: MediaHole[] = [];
  #latestMs = Number.NEGATIVE_INFINITY;

  take(packet: MediaPacket): void {
    const { presentedAtMs, durationMs } = packet;
    if (!Number.isFinite(presentedAtMs)) return;
    const endMs = presentedAtMs + (Number.isFinite(durationMs) ? durationMs : PACKET_DURATION_MS);
    if (this.#latestMs > Number.NEGATIVE_INFINITY && presentedAtMs - this.#latestMs >= HOLE_MIN_MS) {
      this.#holes.push({ fromMs: this.#latestMs, toMs: presentedAtMs });
    }
    this.#latestMs = Math.max(this.#latestMs, endMs);
    let stream = this.#streams.get(packet.stream);
    if (stream === undefined) this.#streams.set(packet.stream, (stream = new StreamGauge()));
    stream.take(packet, endMs);
  }

  get latestMs(): number {
    return this.#latestMs;
  }

  /** True when there is something of the stream in the file. */
  has(stream: number): boolean {
    return this.#streams.has(stream);
  }

  stream(index: number): StreamGauge {
    return this.#streams.get(index) ?? new StreamGauge();
  }

  /** Holes that lie within the packets of a stream. */
  holesIn(index: number): MediaHole[] {
    const stream = this.stream(index);
    const holeMs = this.#holes.reduce((sum, hole) => sum + hole.toMs - hole.fromMs, 0);
    const distanceMs = stream.distanceMs - (stream.frames === 0 ? 0 : holeMs / stream.frames);
    return this.#holes.filter(
      (hole) =>
        hole.toMs - hole.fromMs >= distanceMs * HOLE_PICTURES_MIN &&
        hole.fromMs >= stream.fromMs &&
        hole.toMs <= stream.toMs,
    );
  }
}
