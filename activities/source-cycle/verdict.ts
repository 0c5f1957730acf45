import type { HttpCause } from '../../core/causes.js';
import type { ParsedItem } from '../../core/items.js';
import type { Deferral } from '../../core/source-cycle/index.js';
import type { Validators } from '../../store/index.js';

/** What is known of an answer, or of what came instead of one. */
interface Facts {
  /** HTTP status; null without an answer. */
  readonly status: number | null;
  /** From the request to the end of the body; null when that is not known. */
  readonly latencyMs: number | null;
  readonly wireBytes: number;
}

/** What an attempt has come to. */
export type Verdict = Facts &
  (
    | {
        readonly kind: 'fetched';
        readonly items: readonly ParsedItem[];
        /** Null when they must not be kept, or there are none. */
        readonly validators: Validators | null;
        readonly ttlMs: number | null;
        readonly freshForMs: number | null;
        readonly detail: string | null;
      }
    | {
        readonly kind: 'not_modified';
        readonly validators: Validators | null;
        readonly freshForMs: number | null;
        readonly detail: string | null;
      }
    | {
        readonly kind: 'deferred';
        readonly untilMs: number;
        readonly because: Deferral;
        readonly detail: string;
      }
    | {
        readonly kind: 'failed';
        readonly cause: HttpCause;
        readonly detail: string;
        readonly retryable: boolean;
      }
    /** We are offline ourselves; the cause is what the attempt came to, null when nobody was asked. */
    | { readonly kind: 'skipped'; readonly cause: HttpCause | null; readonly detail: string }
  );

/** Of an attempt that got no answer. */
export const NO_ANSWER: Facts = { status: null, latencyMs: null, wireBytes: 0 };
