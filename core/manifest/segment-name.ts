import type { Container } from '../run.js';

/** File extension of each container. */
export const SEGMENT_EXTENSIONS: Readonly<Record<Container, string>> = {
  mpegts: 'ts',
  fmp4: 'mp4',
  mkv: 'mkv',
};

/** Digits of the number within a run; more when they do not suffice. */
const NUMBER_DIGITS = 5;
const PATTERN = /^(\d{8}T\d{6}Z)-(\d+)-(\d+)\.(ts|mp4|mkv)$/;

/** What a segment's name says. Run and number name it for ever; the stamp may be corrected once. */
export interface SegmentName {
  readonly stamp: string;
  readonly run: number;
  readonly number: number;
  readonly extension: string;
}

/** `YYYYMMDDTHHMMSSZ` of an instant, rounded down to the second. */
export function stampOf(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Builds a file name: `YYYYMMDDTHHMMSSZ-<run>-<number>.<extension>`. */
export function formatSegmentName(name: SegmentName): string {
  return `${name.stamp}-${name.run}-${String(name.number).padStart(NUMBER_DIGITS, '0')}.${name.extension}`;
}

/** The pattern ffmpeg numbers the segments of a run by. */
export function segmentPattern(stamp: string, run: number, extension: string): string {
  return `${stamp}-${run}-%0${NUMBER_DIGITS}d.${extension}`;
}

/** Reads a file name; null when it is not a segment's. */
export function parseSegmentName(file: string): SegmentName | null {
  const match = PATTERN.exec(file);
  if (match === null) return null;
  return {
    stamp: match[1] as string,
    run: Number(match[2]),
    number: Number(match[3]),
    extension: match[4] as string,
  };
}

/** Order of recording: by run, then by number. */
export function compareSegments(
  a: Pick<SegmentName, 'run' | 'number'>,
  b: Pick<SegmentName, 'run' | 'number'>,
): number {
  return a.run - b.run || a.number - b.number;
}
