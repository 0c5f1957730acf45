import type { HttpCause } from '../../../../core/causes.js';
import { classifyHttp } from '../../../../core/classify/index.js';
import { parseRetryAfterMs } from '../../../../core/retry-after.js';
import { StepFailure } from '../../step-failure.js';

/** Most of an endpoint's words that is told. */
const WORDS_MAX = 300;
/** Longest wait that is taken from an endpoint: a job is asked for by somebody who waits. */
const RETRY_AFTER_MAX_MS = 600_000;

interface StatusVerdict {
  readonly cause: HttpCause | 'invalid_config';
  readonly retryable: boolean;
}

/** What an answer other than 200 means: a request that was refused once will be refused again. */
export function statusFailure(status: number, body: string, retryAfter: string | undefined): StepFailure {
  const { cause, retryable } = verdictOn(status);
  const askedMs = retryable ? parseRetryAfterMs(retryAfter, Date.now()) : undefined;
  const waitMs = askedMs === undefined ? undefined : Math.min(askedMs, RETRY_AFTER_MAX_MS);
  return new StepFailure(
    cause,
    `the endpoint answered HTTP ${status} ${inShort(wordsOf(body))}`.trim(),
    retryable,
    waitMs,
  );
}

function verdictOn(status: number): StatusVerdict {
  if (status === 401 || status === 403) return { cause: 'unauthorized', retryable: false };
  if (status === 404) return { cause: 'not_found', retryable: false };
  if (status === 429) return { cause: 'rate_limited', retryable: true };
  if (status === 408 || status === 425) return { cause: 'timeout', retryable: true };
  if (status >= 500) return { cause: 'server_error', retryable: true };
  return { cause: 'invalid_config', retryable: false };
}

/** What an error of the connection means. */
export function connectionFailure(error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const { cause, detail } = classifyHttp(error);
  const retryable = cause !== 'tls' && cause !== 'invalid_url';
  return new StepFailure(cause, `the endpoint could not be asked: ${detail}`, retryable);
}

/** An error that an endpoint puts into a stream it has begun. */
export function failureInStream(error: unknown): StepFailure {
  const words = inShort(messageOf(error) ?? JSON.stringify(error));
  const isTooMany = /rate.?limit|too many|\b429\b/i.test(JSON.stringify(error));
  return new StepFailure(
    isTooMany ? 'rate_limited' : 'server_error',
    `the endpoint broke off: ${words}`,
    true,
  );
}

/** The message of `{ "error": { "message" } }`, or the text as it is. */
function wordsOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return messageOf(error) ?? body;
  } catch {
    return body;
  }
}

function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}

function inShort(words: string): string {
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, WORDS_MAX);
}
