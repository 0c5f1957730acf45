import { CachedRead } from '../cached-read.js';
import type { MetricsSet } from './metrics-set.js';

/** One part of the metrics: brought up to date at each scrape, empty when it cannot be. */
export interface Section {
  /** Never throws. */
  update(): Promise<void>;
}

/** Nobody who scrapes waits longer than this for one part. */
const READ_TIMEOUT_MS = 2_000;
/** Several may scrape; none more often than this reads anew. */
const MAX_AGE_MS = 2_000;

/** A part whose values come from one reading. `problem` hears why it cannot be told. */
export function section<Facts>(
  metrics: MetricsSet,
  read: () => Promise<Facts>,
  tell: (facts: Facts) => void,
  problem: (error: unknown) => void,
): Section {
  const reading = new CachedRead(read, {
    maxAgeMs: MAX_AGE_MS,
    timeoutMs: READ_TIMEOUT_MS,
    isCostly: true,
  });
  return {
    update: async () => {
      try {
        const facts = await reading.get();
        metrics.clear();
        tell(facts);
      } catch (error) {
        metrics.clear();
        problem(error);
      }
    },
  };
}
