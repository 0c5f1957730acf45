const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number of bytes in the unit that people would say it in; powers of ten, as disks are sold. Negative ones count as none. */
export function inSizeUnits(bytes: number): {
  readonly value: number;
  readonly unit: (typeof UNITS)[number];
} {
  let value = Math.max(0, bytes);
  let index = 0;
  while (value >= 1_000 && index < UNITS.length - 1) {
    value /= 1_000;
    index += 1;
  }
  return { value, unit: UNITS[index] ?? 'B' };
}
