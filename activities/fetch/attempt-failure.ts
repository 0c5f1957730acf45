import type { HttpCause } from '../../core/causes.js';

/** Errors wrapped deeper than this are not ours. */
const WRAPPED_MAX = 8;

/** An attempt that ended for a reason we know ourselves, so that no text has to be read. */
export class AttemptFailure extends Error {
  readonly httpCause: HttpCause;
  constructor(httpCause: HttpCause, message: string) {
    super(message);
    this.name = 'AttemptFailure';
    this.httpCause = httpCause;
  }
}

/** The failure of ours inside an error of the network stack; null when there is none. */
export function attemptFailureIn(error: unknown): AttemptFailure | null {
  const queue: unknown[] = [error];
  for (let index = 0; index < queue.length && index < WRAPPED_MAX; index += 1) {
    const value = queue[index];
    if (value instanceof AttemptFailure) return value;
    if (!(value instanceof Error)) continue;
    queue.push(value.cause);
    if (value instanceof AggregateError) queue.push(...(value.errors as unknown[]));
  }
  return null;
}
