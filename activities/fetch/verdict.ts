import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import { classifyHttp } from '../../core/classify/http/classify-http.js';
import { httpCause, type HttpCause } from '../../core/causes.js';
import { parseRetryAfterMs } from '../../core/retry-after.js';
import { attemptFailureIn } from './attempt-failure.js';
import { readBeginning } from './body.js';
import { unpack } from './content-encoding.js';
import type { FailedFetch, FetchOutcome } from './request.js';
import { single } from '../resolve/http/page.js';

/** Statuses whose `Retry-After` is a wish and no failure. */
const DEFERRING_STATUSES: ReadonlySet<number> = new Set([429, 503]);
/** A site that names a longer wait is asked again after a day all the same. */
const DEFERRAL_MAX_MS = 86_400_000;
/** Statuses with which a protection against bots, or a missing key, explains itself in the page. */
const EXPLAINED_STATUSES: ReadonlySet<number> = new Set([403, 503]);
/** The explanation stands at the beginning. */
const EXPLANATION_BYTES = 65_536;

/** What an error of the network stack, or a failure of ours, says. */
export function failureOf(error: unknown): FailedFetch {
  const own = attemptFailureIn(error);
  if (own !== null) return failed(own.httpCause, own.message);
  const { cause, detail, disposition } = classifyHttp(error);
  return failed(cause, detail, { isTransient: disposition === 'transient' });
}

/** What an answer says that is neither 2xx nor 304 nor a redirect. */
export async function verdictOfStatus(answer: Dispatcher.ResponseData, nowMs: number): Promise<FetchOutcome> {
  const { statusCode: status, headers } = answer;
  const message = `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  if (single(headers['cf-mitigated'])?.toLowerCase() === 'challenge') {
    return failed('blocked', `${message}: a challenge that only a browser can pass`, { status });
  }
  const retryAfterMs = parseRetryAfterMs(single(headers['retry-after']), nowMs);
  if (DEFERRING_STATUSES.has(status) && retryAfterMs !== undefined) {
    const waitMs = Math.min(retryAfterMs, DEFERRAL_MAX_MS);
    const detail = `${message}: come again in ${Math.ceil(waitMs / 1_000)} s`;
    return { kind: 'deferred', untilMs: nowMs + waitMs, because: 'asked', detail, status };
  }
  const page = EXPLAINED_STATUSES.has(status) ? await explanationIn(answer) : '';
  const { cause, disposition } = classifyHttp({ status, message, ...(page === '' ? {} : { body: page }) });
  return failed(cause, message, { status, isTransient: disposition === 'transient' });
}

function failed(
  cause: HttpCause,
  detail: string,
  facts: { readonly status?: number; readonly isTransient?: boolean } = {},
): FailedFetch {
  const isTransient = facts.isTransient ?? httpCause(cause).class === 'transient';
  return {
    kind: 'failed',
    cause,
    detail,
    // A site that has had enough of us is not asked again two seconds later.
    retryable: isTransient && cause !== 'rate_limited',
    ...(facts.status === undefined ? {} : { status: facts.status }),
  };
}

/** The beginning of an error page, where it is text. */
async function explanationIn({ headers, body }: Dispatcher.ResponseData): Promise<string> {
  const bytes = await readBeginning(body, EXPLANATION_BYTES);
  try {
    const encoding = single(headers['content-encoding']) ?? '';
    return (await unpack(bytes, encoding, EXPLANATION_BYTES)).toString('utf8');
  } catch {
    return '';
  }
}
