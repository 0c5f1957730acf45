import type { MediaHole, SegmentLine } from '../../../core/manifest/index.js';

/** A segment that can be joined to others: all that has to be known of its file. Times without a note are the file's own. */
export interface Part {
  readonly line: SegmentLine;
  /** What a file must have in common with another one to be joined to it: container, codecs, sizes, rates. */
  readonly layout: string;
  /** Streams that can be used, by their number in the file: the first video and all audio. */
  readonly streams: readonly PartStream[];
  /** The earliest instant of any stream, as the demuxer counts. */
  readonly fileStartMs: number;
  /** First and last instant of the pictures; of the sound where there is no picture. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Last instant of any stream. */
  readonly latestMs: number;
  /** Stretches of the file in which there is nothing. */
  readonly holes: readonly MediaHole[];
  /** Pictures, or audio packets where there is no picture. */
  readonly frames: number;
  /** Those of them before the first that can be decoded: copying leaves them out at the start of a file. */
  readonly framesBeforeKey: number;
}

export interface PartStream {
  readonly index: number;
  readonly kind: 'video' | 'audio';
  readonly packets: number;
  /** Those that lie before the first picture, and behind the last one: a recorder takes sound at once and pictures from a key frame on. */
  readonly leading: number;
  readonly trailing: number;
}

/** A segment of the manifest that cannot be used, and why. */
export interface DamagedPart {
  readonly line: SegmentLine;
  readonly problem: string;
}

export function hasVideo(part: Part): boolean {
  return part.streams.some(({ kind }) => kind === 'video');
}

export function hasAudio(part: Part): boolean {
  return part.streams.some(({ kind }) => kind === 'audio');
}

/** Media of a part without its holes. */
export function mediaLengthMs(part: Part): number {
  return part.toMs - part.fromMs - part.holes.reduce((sum, hole) => sum + hole.toMs - hole.fromMs, 0);
}
