import type { Evidence } from '../../core/evidence.js';
import type { MediaCause } from '../../core/causes.js';

/** Finds the cause in what a program printed; `core/classify` in production. */
export type Classifier = (evidence: Evidence) => {
  readonly cause: MediaCause | 'benign';
  readonly detail: string;
};
