import { z } from 'zod';
import { configFacts } from './facts.js';

const UNITS_BYTES = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i;
const ALLOWED = 'a size in bytes or a string like 500MB, 2GiB';

/** Largest size that makes sense: 1 EiB stays an exact integer only below this. */
const SIZE_MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** Reads a number of bytes or a string like `500MB`, `2GiB` (case does not matter); undefined when it is neither. */
export function parseSizeBytes(value: number | string): number | undefined {
  if (typeof value === 'number') return value;
  const match = PATTERN.exec(value.trim());
  if (match === null) return undefined;
  const unit = Object.entries(UNITS_BYTES).find(([name]) => name.toLowerCase() === match[2]?.toLowerCase());
  return unit === undefined ? undefined : Number(match[1]) * unit[1];
}

/** Writes bytes as people write them: the largest unit that needs no fraction, e.g. `15MiB`. */
export function formatSizeBytes(bytes: number): string {
  const units = Object.entries(UNITS_BYTES).sort(([, left], [, right]) => right - left);
  const [name, size] = units.find(([, unit]) => bytes > 0 && bytes % unit === 0) ?? ['B', 1];
  return `${bytes / size}${name}`;
}

/** A size of the configuration: bytes or a string with a unit; parsed to whole bytes. */
export function size(minBytes = 0) {
  const allowed = minBytes === 0 ? ALLOWED : `${ALLOWED}, at least ${formatSizeBytes(minBytes)}`;
  return z
    .union([z.number(), z.string()])
    .transform((value, context) => {
      const bytes = parseSizeBytes(value);
      if (bytes === undefined || !(bytes >= minBytes) || bytes > SIZE_MAX_BYTES) {
        context.addIssue({ code: 'custom', message: `expected ${allowed}` });
        return z.NEVER;
      }
      return Math.round(bytes);
    })
    .register(configFacts, { allowed, unit: 'size' });
}
