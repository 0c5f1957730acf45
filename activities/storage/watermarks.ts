import type { StorageSettings } from '../../core/run.js';

/** What closing a segment, the manifest and the notes about a run may take. */
const FINALIZING_BYTES = 1_000_000;
/** Time at the measured bitrate that is kept free, and below which it is said. */
const MIN_FREE_SECONDS = 60;
const WARN_FREE_SECONDS = 600;

/** Bytes free below which something is done. */
export interface Watermarks {
  /** The recording ends. */
  readonly minFreeBytes: number;
  /** Somebody is told; null while there is neither a setting nor a bitrate. */
  readonly warnFreeBytes: number | null;
}

/** The settings, or what follows from the bitrate where there are none. */
export function watermarksOf(settings: StorageSettings, bytesPerSecond: number | null): Watermarks {
  const minFreeBytes = settings.minFreeBytes ?? (bytesPerSecond ?? 0) * MIN_FREE_SECONDS;
  const byBitrate = bytesPerSecond === null ? null : bytesPerSecond * WARN_FREE_SECONDS;
  return {
    minFreeBytes: Math.max(minFreeBytes, FINALIZING_BYTES),
    warnFreeBytes: settings.warnFreeBytes ?? byBitrate,
  };
}
