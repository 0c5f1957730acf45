import type { JobEntry, JobKind } from './entry.js';

/** One step of a job: an activity with a retry policy of its own. */
export interface StepPlan {
  readonly name: string;
  /** Share of the job's percent; only the proportion to the other steps counts. */
  readonly weight: number;
  /** The queue of the job's host, or that of the fetchers. */
  readonly queue: 'host' | 'fetch';
  /** Longest time of one attempt. */
  readonly startToCloseMs: number;
  /** A worker not heard of for this long is taken for lost, and the step begun again. */
  readonly heartbeatMs: number;
  /** Attempts in all. */
  readonly attempts: number;
}

/** A step whose name the compiler knows, so that each kind's steps are complete and no others. */
type NamedStep<Name extends string> = StepPlan & { readonly name: Name };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Steps heartbeat every few seconds by themselves. */
const HEARTBEAT_MS = 15 * SECOND_MS;
/** Enough for a worker that is replaced a few times under way. */
const ATTEMPTS = 5;

/** Reading and writing of a recording, which may be many hours long. */
function hostStep<Name extends string>(name: Name, weight: number, startToCloseMs: number): NamedStep<Name> {
  return { name, weight, queue: 'host', startToCloseMs, heartbeatMs: HEARTBEAT_MS, attempts: ATTEMPTS };
}

function fetchStep<Name extends string>(name: Name, weight: number, startToCloseMs: number): NamedStep<Name> {
  return { name, weight, queue: 'fetch', startToCloseMs, heartbeatMs: HEARTBEAT_MS, attempts: ATTEMPTS };
}

/** The steps of each kind, in order. Weights of steps on recordings are shares of the time that half an hour in 30 segments took. */
export const JOB_STEPS = {
  digest: [
    fetchStep('select', 10, 5 * MINUTE_MS),
    fetchStep('group', 10, 5 * MINUTE_MS),
    fetchStep('summarize', 70, HOUR_MS),
    fetchStep('write', 10, 5 * MINUTE_MS),
  ],
  finalize: [
    hostStep('survey', 55, HOUR_MS),
    hostStep('join', 15, 12 * HOUR_MS),
    hostStep('verify', 4, 6 * HOUR_MS),
    hostStep('pictures', 25, 12 * HOUR_MS),
    hostStep('tidy', 1, HOUR_MS),
  ],
  clip: [hostStep('survey', 65, HOUR_MS), hostStep('cut', 25, 12 * HOUR_MS), hostStep('verify', 10, HOUR_MS)],
} as const satisfies Record<JobKind, readonly StepPlan[]>;

/** Encoding takes far longer than looking at what is encoded. */
const ENCODING_WEIGHTS: Readonly<Record<ClipStepName, number>> = { survey: 5, cut: 94, verify: 1 };

/** The steps of a job, weighed by what it asks for. */
export function stepsOf(entry: JobEntry): readonly StepPlan[] {
  if (entry.kind !== 'clip' || !entry.params.reencode) return JOB_STEPS[entry.kind];
  return JOB_STEPS.clip.map((step) => ({ ...step, weight: ENCODING_WEIGHTS[step.name] }));
}

export type DigestStepName = (typeof JOB_STEPS)['digest'][number]['name'];
export type FinalizeStepName = (typeof JOB_STEPS)['finalize'][number]['name'];
export type ClipStepName = (typeof JOB_STEPS)['clip'][number]['name'];
