import type { Coverage } from '../../../core/manifest/index.js';
import { humanDuration } from './words.js';

/** Words about what a recording holds, the same on a terminal and on the page. */

/** Never rounded up to 100: a hole must be seen. */
export function recordedShare(coverage: Pick<Coverage, 'missingMs' | 'percent'>): string {
  if (coverage.missingMs === 0) return '100 %';
  return `${Math.min(99.99, coverage.percent).toFixed(2)} %`;
}

/** Seconds with a decimal while they are few: gaps are often short. */
export function gapDuration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)}s` : humanDuration(ms);
}

export function counted(count: number, what: string, several = `${what}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? what : several}`;
}
