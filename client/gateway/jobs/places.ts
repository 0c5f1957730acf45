import type { JobPlace } from '../../library/jobs.js';
import { PLACE_RETRY_MS, STORE_CHECK_INTERVAL_MS } from './limits.js';

/**
 * Where a job is read next: from its workflow, which knows all, and from the store while that does not answer. A place that
 * failed is left alone for a while, as each try of one that hangs costs seconds.
 */
export class Places {
  private readonly failedAtMs: Record<JobPlace, number> = { workflow: -Infinity, store: -Infinity };
  private storeReadAtMs: number;

  constructor(nowMs: number) {
    this.storeReadAtMs = nowMs;
  }

  /** The place to be asked first. When both have failed it is the one whose failure is older. */
  next(nowMs: number): JobPlace {
    const { workflow, store } = this.failedAtMs;
    if (nowMs - workflow >= PLACE_RETRY_MS) return 'workflow';
    return workflow < store ? 'workflow' : 'store';
  }

  /** True when the store should be looked at although the workflow answers. */
  storeIsDue(nowMs: number): boolean {
    return nowMs - this.storeReadAtMs >= STORE_CHECK_INTERVAL_MS;
  }

  answered(place: JobPlace, nowMs: number): void {
    this.failedAtMs[place] = -Infinity;
    if (place === 'store') this.storeReadAtMs = nowMs;
  }

  failed(place: JobPlace, nowMs: number): void {
    this.failedAtMs[place] = nowMs;
    if (place === 'store') this.storeReadAtMs = nowMs;
  }
}

export function otherPlace(place: JobPlace): JobPlace {
  return place === 'workflow' ? 'store' : 'workflow';
}
