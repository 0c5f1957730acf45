import { inSizeUnits } from '../../core/size-units.js';

/** Bytes as people say them, with two digits that count: `1.2 GB`, `15 MB`. */
export function sizeInWords(bytes: number): string {
  const { value, unit } = inSizeUnits(bytes);
  return `${value.toFixed(unit === 'B' || value >= 9.95 ? 0 : 1)} ${unit}`;
}
