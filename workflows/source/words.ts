import type { Incident } from '../../core/instance-status.js';
import type { SourceMemory } from '../../core/source-cycle/index.js';
import type { State } from '../../core/states.js';
import { clockTime } from '../wording.js';

/** What a source is between two cycles, or during one: by how its last cycles ended. */
export function stateOf({ breaker, watch, lastBeganMs }: SourceMemory): State {
  if (breaker.state !== 'closed' || watch.confirmed === 'down') return 'degraded';
  if (breaker.failures > 0) return 'retrying';
  return lastBeganMs === null || watch.confirmed === 'unknown' ? 'starting' : 'running';
}

/** What a source that waits is waiting for, e.g. `next fetch 14:03:05Z`. */
export function waitWords(memory: SourceMemory, nextMs: number): string {
  const { breaker, deferredUntilMs, deferral } = memory;
  const at = clockTime(nextMs);
  if (breaker.state !== 'closed') return `breaker open until ${at}`;
  const isDeferred = deferredUntilMs !== null && nextMs >= deferredUntilMs && deferral !== 'busy';
  if (isDeferred && deferral === 'asked') {
    return `left alone until ${at}${nextMs === deferredUntilMs ? ' as the site asks' : ', longer than the site asks'}`;
  }
  if (isDeferred) return `left alone until ${at}`;
  return `next fetch ${at}`;
}

/** The same with what went wrong last. */
export function detailOf(memory: SourceMemory, nextMs: number, last: Incident | undefined): string {
  const { failures } = memory.breaker;
  const wait = waitWords(memory, nextMs);
  if (failures === 0 || last === undefined) return wait;
  const times = `${failures} failed cycle${failures === 1 ? '' : 's'}`;
  return `${wait}, ${times}, ${last.cause}: ${last.detail}`;
}
