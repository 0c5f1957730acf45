import { parseRetryAfterMs } from '../../../../core/retry-after.js';
import type { SendResult } from '../sender.js';
import type { HttpAnswer } from './post.js';

/** Most of a server's words that is kept. */
const WORDS_SHOWN_MAX = 200;
/** Pause after "too many requests" when the server does not say how long. */
const RATE_LIMITED_PAUSE_MS = 5_000;
/** Statuses under 500 after which the same request may well succeed later. */
const PASSING_STATUSES = [408, 409, 421, 423, 425, 429];
const TOO_MANY_REQUESTS = 429;

export interface VerdictOptions {
  /** Takes secrets out of the server's words. */
  readonly conceal: (text: string) => string;
  /** The server's words for people; the whole answer when absent. */
  readonly words?: string | undefined;
  /** A wait that the body asks for, beside the one of the headers. */
  readonly askedMs?: number | undefined;
  /** Further statuses under 500 that are worth another attempt. */
  readonly passing?: readonly number[];
  /** Nothing more should be sent for this long after a good answer. */
  readonly pauseMs?: number | undefined;
}

/** What an answer means for the message: any 2xx has taken it. */
export function verdictOn(answer: HttpAnswer, options: VerdictOptions): SendResult {
  const { status } = answer;
  const pauseMs = options.pauseMs ?? 0;
  if (status >= 200 && status < 300) return { outcome: 'delivered', ...(pauseMs > 0 && { pauseMs }) };
  const words = inShort(options.conceal(options.words ?? answer.text));
  const error = `HTTP ${status} ${words}`.trim();
  if (status >= 400 && status < 500 && ![...PASSING_STATUSES, ...(options.passing ?? [])].includes(status))
    return { outcome: 'refused', error };
  const askedMs = waitAskedMs(answer, options.askedMs);
  return { outcome: 'failed', error, ...(askedMs !== undefined && { retryAfterMs: askedMs }) };
}

/** The longest wait that headers and body ask for. */
function waitAskedMs(answer: HttpAnswer, inBodyMs: number | undefined): number | undefined {
  const asked = [parseRetryAfterMs(headerOf(answer, 'retry-after'), Date.now()), inBodyMs].filter(
    (ms) => ms !== undefined,
  );
  if (asked.length > 0) return Math.max(...asked);
  return answer.status === TOO_MANY_REQUESTS ? RATE_LIMITED_PAUSE_MS : undefined;
}

/** The first value of a header. */
export function headerOf(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Words on one line that is short enough to be read. */
export function inShort(words: string): string {
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, WORDS_SHOWN_MAX);
}
