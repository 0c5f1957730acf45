import type { MediaHole, MediaIndex } from '../../core/manifest/index.js';
import { readPackets, type MediaPacket } from './packets.js';

/** Period of the 33-bit clock of MPEG-TS. */
export const CLOCK_PERIOD_MS = (2 ** 33 / 90_000) * 1_000;
/** Less is a late packet and no hole. */
export const HOLE_MIN_MS = 1_000;
/** Slide shows have few pictures: a hole is also at least this many times their usual distance. */
export const HOLE_PICTURES_MIN = 3;
/** A larger jump says that the source has begun to count anew, not that media is lost. */
const JUMP_MAX_MS = 10_000;
/** Finer steps do not help to place a file on the clock. */
const INDEX_STEP_MS = 20;
/** Length of a packet whose length nobody knows. */
export const PACKET_DURATION_MS = 40;

/** What is in a closed segment. */
export interface Measurement {
  /** Pictures, or audio packets when there is no video. */
  readonly frames: number;
  readonly durationMs: number;
  readonly index: MediaIndex;
  readonly holes: readonly MediaHole[];
  /** Decoding time of the last picture, in units of the stream. */
  readonly lastVideoDecodingTime: number | null;
}

/** A segment that cannot be played, and why. */
export interface InvalidMedia {
  readonly problem: string;
}

/** Looks a closed segment through. */
export async function measureSegment(ffprobePath: string, file: string): Promise<Measurement | InvalidMedia> {
  const gauge = new Gauge();
  const complaint = await readPackets(ffprobePath, file, (packet) => gauge.take(packet));
  return gauge.result(complaint);
}

/** Media time without jumps: every packet's place after those before it. */
class Timeline {
  #endMs = Number.NaN;
  #correctionMs = 0;

  get endMs(): number {
    return this.#endMs;
  }

  /** The time of a packet on this line, and the hole before it. */
  place(atMs: number, durationMs: number): { atMs: number; hole: MediaHole | null } {
    let placedMs = atMs + this.#correctionMs;
    let hole: MediaHole | null = null;
    if (!Number.isNaN(this.#endMs)) {
      placedMs = nearest(placedMs, this.#endMs);
      const jumpMs = placedMs - this.#endMs;
      if (Math.abs(jumpMs) > JUMP_MAX_MS) {
        this.#correctionMs -= jumpMs;
        placedMs = this.#endMs;
      } else if (jumpMs >= HOLE_MIN_MS) {
        hole = { fromMs: this.#endMs, toMs: placedMs };
      }
    }
    this.#endMs = Number.isNaN(this.#endMs)
      ? placedMs + durationMs
      : Math.max(this.#endMs, placedMs + durationMs);
    return { atMs: placedMs, hole };
  }
}

/** The clock of MPEG-TS begins again every 26.5 hours: takes the turn nearest to `referenceMs`. */
function nearest(atMs: number, referenceMs: number): number {
  return atMs - Math.round((atMs - referenceMs) / CLOCK_PERIOD_MS) * CLOCK_PERIOD_MS;
}

class StreamGauge {
  frames = 0;
  startMs = Number.NaN;
  lastDecodingTime: number | null = null;
  readonly positions: number[] = [];
  readonly endsMs: number[] = [];
  #lastAtMs = Number.NaN;
  #spanMs = 0;

  take(packet: MediaPacket, atMs: number, durationMs: number): void {
    this.frames += 1;
    if (Number.isNaN(this.startMs)) this.startMs = atMs;
    if (!Number.isNaN(this.#lastAtMs)) this.#spanMs += Math.abs(atMs - this.#lastAtMs);
    this.#lastAtMs = atMs;
    if (Number.isFinite(packet.decodingTime)) this.lastDecodingTime = packet.decodingTime;
    const endMs = atMs + durationMs - this.startMs;
    const lastEndMs = this.endsMs.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (endMs < lastEndMs + INDEX_STEP_MS || !Number.isFinite(packet.position)) return;
    this.positions.push(packet.position);
    this.endsMs.push(endMs);
  }

  /** Usual distance of two packets. */
  get distanceMs(): number {
    return this.frames > 1 ? this.#spanMs / (this.frames - 1) : 0;
  }
}

class Gauge {
  readonly #timeline = new Timeline();
  readonly #holes: MediaHole[] = [];
  readonly #video = new StreamGauge();
  readonly #audio = new StreamGauge();
  #videoStream: number | null = null;
  #audioStream: number | null = null;

  take(packet: MediaPacket): void {
    if (!Number.isFinite(packet.presentedAtMs)) return;
    const durationMs = Number.isFinite(packet.durationMs) ? packet.durationMs : PACKET_DURATION_MS;
    const { atMs, hole } = this.#timeline.place(packet.presentedAtMs, durationMs);
    if (hole !== null) this.#holes.push(hole);
    if (packet.kind === 'video') {
      this.#videoStream ??= packet.stream;
      if (packet.stream === this.#videoStream) this.#video.take(packet, atMs, durationMs);
    } else {
      this.#audioStream ??= packet.stream;
      if (packet.stream === this.#audioStream) this.#audio.take(packet, atMs, durationMs);
    }
  }

  result(complaint: string): Measurement | InvalidMedia {
    const stream = this.#video.frames > 0 ? this.#video : this.#audio;
    const durationMs = stream.endsMs.at(-1) ?? 0;
    if (stream.frames === 0) return { problem: complaint || 'there is neither video nor audio in it' };
    if (durationMs <= 0) return { problem: complaint || 'it has no duration' };
    const holeMinMs = stream.distanceMs * HOLE_PICTURES_MIN;
    return {
      frames: stream.frames,
      durationMs,
      index: { positions: stream.positions, endsMs: stream.endsMs },
      holes: this.#holes
        .filter((hole) => hole.toMs - hole.fromMs >= holeMinMs)
        .map((hole) => ({ fromMs: hole.fromMs - stream.startMs, toMs: hole.toMs - stream.startMs }))
        .filter((hole) => hole.fromMs >= 0 && hole.toMs <= durationMs),
      lastVideoDecodingTime: this.#video.lastDecodingTime,
    };
  }
}
