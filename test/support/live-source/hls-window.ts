import type { TransportUnit } from './transport-units.js';

/** How the HLS rendition is offered. */
export interface HlsOptions {
  /** Groups of pictures (1 s each) in a segment. Default 2. */
  readonly secondsPerSegment?: number;
  /** Segments in the playlist. Default 6. */
  readonly windowSegments?: number;
  /** Write EXT-X-PROGRAM-DATE-TIME. Default false. */
  readonly dated?: boolean;
}

interface Segment {
  readonly sequence: number;
  readonly name: string;
  readonly bytes: Buffer;
  readonly startedAtMs: number;
}

/** Segments stay available for this long after they have left the playlist, as RFC 8216 asks. */
const SEGMENTS_KEPT_BEHIND = 3;

/** The sliding window of a live HLS rendition, in memory. */
export class HlsWindow {
  readonly secondsPerSegment: number;
  readonly windowSegments: number;
  readonly #dated: boolean;
  #segments: Segment[] = [];
  #open: Buffer[] = [];
  #openKeyFrames = 0;
  #openSinceMs = 0;
  #nextSequence = 0;
  #prefix = 'segment';
  #ended = false;

  constructor(options: HlsOptions = {}) {
    this.secondsPerSegment = options.secondsPerSegment ?? 2;
    this.windowSegments = options.windowSegments ?? 6;
    this.#dated = options.dated ?? false;
  }

  push(unit: TransportUnit, nowMs: number): void {
    if (this.#ended) return;
    if (unit.keyFrame) this.#beginGroup(nowMs);
    if (this.#openKeyFrames > 0) this.#open.push(unit.bytes);
  }

  playlist(): string {
    const listed = this.#segments.slice(-this.windowSegments);
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${this.secondsPerSegment}`,
      `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.sequence ?? this.#nextSequence}`,
    ];
    for (const segment of listed) {
      if (this.#dated) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startedAtMs).toISOString()}`);
      lines.push(`#EXTINF:${this.secondsPerSegment.toFixed(3)},`, segment.name);
    }
    if (this.#ended) lines.push('#EXT-X-ENDLIST');
    return `${lines.join('\n')}\n`;
  }

  segment(name: string): Buffer | null {
    return this.#segments.find((segment) => segment.name === name)?.bytes ?? null;
  }

  /** How many segments are listed now. */
  get listed(): number {
    return Math.min(this.#segments.length, this.windowSegments);
  }

  /** The show begins anew: numbers from 0, other names. */
  restart(): void {
    this.#segments = [];
    this.#nextSequence = 0;
    this.#prefix += '-again';
  }

  /** The show is over: EXT-X-ENDLIST, nothing new. */
  end(): void {
    this.#ended = true;
  }

  #beginGroup(nowMs: number): void {
    if (this.#openKeyFrames === this.secondsPerSegment) this.#close();
    if (this.#openKeyFrames === 0) this.#openSinceMs = nowMs;
    this.#openKeyFrames += 1;
  }

  #close(): void {
    const sequence = this.#nextSequence;
    const name = `${this.#prefix}-${sequence}.ts`;
    this.#segments.push({
      sequence,
      name,
      bytes: Buffer.concat(this.#open),
      startedAtMs: this.#openSinceMs,
    });
    this.#segments = this.#segments.slice(-(this.windowSegments + SEGMENTS_KEPT_BEHIND));
    this.#nextSequence += 1;
    this.#open = [];
    this.#openKeyFrames = 0;
  }
}
