import type { CycleOutcome, SourceStatus } from '../source-health/index.js';
import type { SourceMemory } from './memory.js';

/** Instance of notifications that are about no single source; the pattern `source/*` of a sink takes them too. */
export const ALL_SOURCES = 'source/*';

/** One cycle of a source, as its workflow asks for it. Everything in it enters the history each time: it is kept small. */
export interface RunCycleInput {
  /** The source's entry of the configuration, as written. */
  readonly config: unknown;
  /** `<workflow id>:<run id of the first execution>:<number>`: the same for every attempt, unique for ever. */
  readonly cycleId: string;
  /** Attempts that Temporal makes: the last one stores what went wrong. */
  readonly attempts: number;
  /** What the source remembered when the cycle began. */
  readonly memory: SourceMemory;
}

/** How a cycle ended that did not fail. */
export interface CycleResult {
  readonly outcome: Exclude<CycleOutcome, 'failed'>;
  /** Why it was deferred or skipped, or what is worth saying about a good one; null otherwise. */
  readonly detail: string | null;
  readonly items: number;
  readonly newItems: number;
  readonly changedItems: number;
  /** What the source remembers from now on. */
  readonly memory: SourceMemory;
}

/** The only detail of the failure with which a failed cycle ends; its type is the cause. */
export interface CycleFailure {
  readonly memory: SourceMemory;
}

/** What the health report says of a source until its next cycle says more. */
export interface SourceStatusInput {
  /** Name of the source, e.g. `news`. */
  readonly source: string;
  readonly status: SourceStatus;
}
