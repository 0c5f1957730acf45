import type { SignalReading } from '../../core/signal/debounce.js';
import type { Environment } from '../secrets/index.js';

/** What a probe answered, and how it knows. */
export interface ProbeReading {
  readonly signal: SignalReading;
  /** One line for a person. */
  readonly detail: string;
}

/** What a probe needs to ask. */
export interface ProbeContext {
  /** Aborted when nobody waits for the answer any more; its reason is thrown then. */
  readonly signal: AbortSignal;
  /** Environment of the programs that are asked, and where `${env:NAME}` comes from. */
  readonly env: Environment;
}

/** The probe could not be asked, or its answer says nothing about the signal. */
export function unknown(why: string): ProbeReading {
  return { signal: 'unknown', detail: `cannot tell: ${why}` };
}
