import type { StorageSettings } from '../../core/run.js';
import { sizeInWords } from './words.js';
import { formatDurationMs } from '../../core/config/duration.js';

/** A closed segment on disk. */
export interface StoredSegment {
  readonly file: string;
  readonly bytes: number;
  /** When it was last written to. */
  readonly writtenAtMs: number;
}

/** A segment that has to go, and why. */
export interface ExpiredSegment {
  readonly file: string;
  readonly reason: string;
}

/** True when anything is ever removed. */
export function hasRetention(settings: StorageSettings): boolean {
  return settings.keepMs !== undefined || settings.keepBytes !== undefined;
}

/** The segments that the settings do not keep, oldest first. `segments` are in the order of recording: none is passed over. */
export function expiredSegments(
  segments: readonly StoredSegment[],
  settings: StorageSettings,
  nowMs: number,
): ExpiredSegment[] {
  let totalBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const expired: ExpiredSegment[] = [];
  for (const { file, bytes, writtenAtMs } of segments) {
    const reason = reasonToRemove({ ageMs: nowMs - writtenAtMs, totalBytes }, settings);
    if (reason === null) break;
    expired.push({ file, reason });
    totalBytes -= bytes;
  }
  return expired;
}

function reasonToRemove(
  { ageMs, totalBytes }: { readonly ageMs: number; readonly totalBytes: number },
  { keepMs, keepBytes }: StorageSettings,
): string | null {
  if (keepMs !== undefined && ageMs > keepMs) return `older than ${formatDurationMs(keepMs)}`;
  if (keepBytes !== undefined && totalBytes > keepBytes) return `more than ${sizeInWords(keepBytes)} in all`;
  return null;
}
