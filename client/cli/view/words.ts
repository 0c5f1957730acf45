/** Durations, sizes and rates in words for a person. */
import { inSizeUnits } from '../../../core/size-units.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A duration with its two largest units: `850ms`, `12s`, `3m 05s`, `2h 10m`, `4d 03h`. */
export function humanDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0s';
  if (ms < SECOND_MS) return `${Math.round(ms)}ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}s`;
  if (ms < HOUR_MS) return pair(ms, MINUTE_MS, 'm', SECOND_MS, 's');
  if (ms < DAY_MS) return pair(ms, HOUR_MS, 'h', MINUTE_MS, 'm');
  return pair(ms, DAY_MS, 'd', HOUR_MS, 'h');
}

function pair(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)}${largeUnit} ${String(rest).padStart(2, '0')}${smallUnit}`;
}

/** Time since an ISO instant; empty when there is none. */
export function humanSince(iso: string | null, nowMs: number): string {
  const atMs = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(atMs) ? '' : humanDuration(Math.max(0, nowMs - atMs));
}

/** A size: `512 B`, `1.5 MB`, `2.1 GB`, in powers of ten as disks are sold. */
export function humanBytes(bytes: number): string {
  const { value, unit } = inSizeUnits(bytes);
  return `${unit === 'B' ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** A bit rate: `640 kbit/s`, `6.2 Mbit/s`. */
export function humanBitrate(kbps: number): string {
  return kbps < 1_000 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1_000).toFixed(1)} Mbit/s`;
}

/** The time of day of an ISO instant, UTC: `14:03:05Z`; the date too when it was on another day. */
export function clockTime(iso: string, nowMs: number): string {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const time = `${iso.slice(11, 19)}Z`;
  return iso.startsWith(today) ? time : `${iso.slice(0, 10)} ${time}`;
}
