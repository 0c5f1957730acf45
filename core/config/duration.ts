import { z } from 'zod';
import { configFacts } from './facts.js';

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;
const FORMS = 'seconds or a string like 500ms, 30s, 2m, 1h';

/** Longest duration that makes sense anywhere in the configuration: ten years. */
export const DURATION_MAX_MS = 3_650 * UNITS_MS.d;

/** Reads a number of seconds or a string like `500ms`, `2m`, `1.5h`; undefined when it is neither. */
export function parseDurationMs(value: number | string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value * 1_000 : undefined;
  const match = PATTERN.exec(value.trim());
  if (match === null) return undefined;
  return Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS];
}

/** Writes whole milliseconds as people write them: the largest unit that needs no fraction, e.g. `90s`, `2m`. */
export function formatDurationMs(ms: number): string {
  const units = Object.entries(UNITS_MS).toReversed();
  const [unit, unitMs] = units.find(([, size]) => ms > 0 && ms % size === 0) ?? ['s', UNITS_MS.s];
  return ms === 0 ? '0s' : `${ms / unitMs}${unit}`;
}

export interface DurationLimits {
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A duration of the configuration: seconds or a string with a unit; parsed to whole milliseconds. */
export function duration(limits: DurationLimits = {}) {
  const minMs = limits.minMs ?? 0;
  const maxMs = limits.maxMs ?? DURATION_MAX_MS;
  const allowed = `${describeLimits(minMs, maxMs)} (${FORMS})`;
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const ms = parseDurationMs(value);
      if (ms === undefined || ms < minMs || ms > maxMs) {
        context.addIssue({ code: 'custom', message: `expected ${allowed}` });
        return z.NEVER;
      }
      return Math.round(ms);
    })
    .register(configFacts, { allowed, unit: 'duration' });
}

function describeLimits(minMs: number, maxMs: number): string {
  if (maxMs < DURATION_MAX_MS)
    return `a duration from ${formatDurationMs(minMs)} to ${formatDurationMs(maxMs)}`;
  return minMs === 0 ? 'a duration' : `a duration of at least ${formatDurationMs(minMs)}`;
}
