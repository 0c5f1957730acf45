import type { Decision } from '../core/recovery/decide.js';

/** `14:03:05Z` */
export function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}

/** `0 s`, `1.5 s`, `2 min` */
export function durationWords(ms: number): string {
  if (ms >= 120_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${Math.round(ms / 100) / 10} s`;
}

/** `2/3`, or `2` when there is no limit. */
export function attemptWords(attempt: number, maxAttempts: number | null): string {
  return maxAttempts === null ? `${attempt}` : `${attempt}/${maxAttempts}`;
}

/** What was decided about an incident, for the list of incidents. */
export function decisionWords(decision: Decision): string {
  switch (decision.action) {
    case 'retry': {
      const when = decision.delayMs === 0 ? 'at once' : `in ${durationWords(decision.delayMs)}`;
      const source = decision.freshSource ? ' with a fresh URL' : '';
      return `retry ${attemptWords(decision.attempt, decision.maxAttempts)} ${when}${source}`;
    }
    case 'wait':
      return decision.for === 'connection'
        ? `wait up to ${durationWords(decision.maxWaitMs)}, then a fresh URL`
        : `wait for ${decision.for}`;
    case 'stop_branch':
      return 'branch stopped';
    case 'fail':
      return decision.attempts === 0 ? 'given up' : `given up after ${decision.attempts} attempts`;
  }
}
