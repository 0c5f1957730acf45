import type { ResolveResult } from '../../core/activity-contract.js';
import type { MediaCause } from '../../core/causes.js';
import type { MediaSource } from '../../core/run.js';
import type { Environment } from '../secrets/index.js';
import type { HttpFailure } from './http/failure.js';
import type { Classifier } from './classifier.js';

/** What a resolver found, and what that says of the site. */
export interface Resolution {
  readonly result: ResolveResult;
  /** The site has blocked us: all streams of the site pause. */
  readonly blocked?: { readonly retryAfterMs?: number };
}

/** What every resolver is given. Secrets in the texts it returns are removed by the caller. */
export interface ResolveContext {
  readonly env: Environment;
  /** Aborted when the resolver's own time is up or the activity is cancelled. */
  readonly signal: AbortSignal;
  readonly classify: Classifier;
}

export function live(media: MediaSource, title?: string | null): Resolution {
  const shortTitle = title?.trim().slice(0, TITLE_LENGTH_MAX);
  const named = shortTitle === undefined || shortTitle === '' ? {} : { title: shortTitle };
  return { result: { kind: 'live', media, ...named } };
}

/** Titles are for people; some sites put whole descriptions there. */
const TITLE_LENGTH_MAX = 300;

export function notLive(detail: string): Resolution {
  return { result: { kind: 'not_live', detail } };
}

export function failed(cause: MediaCause, detail: string, retryAfterMs?: number): Resolution {
  return {
    result: { kind: 'failed', cause, detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  };
}

/** The site takes us for a bot or asks us to slow down. */
export function blocked(detail: string, retryAfterMs?: number): Resolution {
  return {
    result: { kind: 'failed', cause: 'http_error', detail },
    blocked: retryAfterMs === undefined ? {} : { retryAfterMs },
  };
}

/** The site could not be asked. To the owner of the stream that is a failed request, whatever broke it. */
export function unreachable(site: string, failure: HttpFailure): Resolution {
  return failed('http_error', `${site}: ${failure.message} (${failure.code})`);
}
