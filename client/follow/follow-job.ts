import { addressesOf, type JobAddresses } from './addresses.js';
import { Cursor, EVENTS_MISSING } from './cursor.js';
import { clientEvent, parseFollowedEvent, type FollowedEvent } from './followed-event.js';
import { lastWords, lookUpJob, overOrNull } from './lookup.js';
import { openMessageStream } from './message-stream.js';
import {
  FAILURES_BEFORE_LOOKUP_DEFAULT,
  QUIET_MS_DEFAULT,
  SILENCE_MS_DEFAULT,
  type FollowOptions,
} from './options.js';
import { RECONNECT_DELAY_MS_MAX, reconnectDelayMs } from './reconnect-delay.js';
import { AnswerError, type Requests } from './requests.js';
import { describeStreamError, STREAM_CLOSED, StreamError } from './stream-errors.js';
import { sleepUnlessAborted } from './sleep.js';
import { RETRY_MS } from './wire.js';

/**
 * Follows a job to its end: every event of its log once, in order, whatever happens to the connection. What does happen
 * to it comes as `error` events of origin `client`, and it is opened anew from where it was.
 *
 * The last event is `done`, also when the one of the server was lost; or a fatal `error`, when the server says that there
 * is no such job or that we may not see it; or none, when the signal is aborted. Nothing is thrown.
 *
 * @param url of the job or of its stream: `http://127.0.0.1:7600/api/jobs/x`, in a browser also `/api/jobs/x`.
 */
export function followJob(
  url: string | URL,
  options: FollowOptions = {},
): AsyncGenerator<FollowedEvent, void> {
  return new Following(addressesOf(url), options).events();
}

class Following {
  private readonly cursor: Cursor;
  private readonly requests: Requests;
  private retryMs = RETRY_MS;
  /** In a row: since the cursor last moved. */
  private failures = 0;

  constructor(
    private readonly addresses: JobAddresses,
    private readonly options: FollowOptions,
  ) {
    this.cursor = new Cursor(options.lastEventId ?? 0);
    this.requests = {
      // Browsers refuse a fetch that is called on something else than the window.
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      headers: options.headers ?? {},
      signal: options.signal,
    };
  }

  async *events(): AsyncGenerator<FollowedEvent, void> {
    while (!this.aborted) {
      try {
        for await (const event of this.connectOnce()) {
          yield event;
          if (event.type === 'done') return;
        }
        yield* this.ending();
        return;
      } catch (error) {
        if (this.aborted) return;
        this.failures += 1;
        const final = error instanceof AnswerError && error.final;
        yield clientEvent({ type: 'error', fatal: final, ...describeStreamError(error) });
        if (final) return;
        const end = yield* this.askAfterFailures();
        if (end) return;
        await sleepUnlessAborted(this.pauseMs(error), this.options.signal);
      }
    }
  }

  /** New events of one connection. */
  private async *connectOnce(): AsyncGenerator<FollowedEvent, void> {
    const messageStream = openMessageStream({
      ...this.requests,
      url: this.addresses.stream,
      lastEventId: this.cursor.offset,
      silenceMs: this.options.silenceMs ?? SILENCE_MS_DEFAULT,
      onRetry: (retryMs) => (this.retryMs = retryMs),
    });
    let movedAtMs = Date.now();
    for await (const messages of messageStream) {
      for (const { id, data } of messages) {
        const event = parseFollowedEvent(id, data);
        if (event === null) continue;
        const before = this.cursor.offset;
        if (this.cursor.take(event) === 'skip') continue;
        if (this.cursor.offset !== before) {
          this.failures = 0;
          movedAtMs = Date.now();
        }
        yield event;
      }
      if (Date.now() - movedAtMs < (this.options.quietMs ?? QUIET_MS_DEFAULT)) continue;
      await this.refuseStaleStream();
      movedAtMs = Date.now();
    }
  }

  /** A stream that lives on although the job is over has lost events: a new one brings them. */
  private async refuseStaleStream(): Promise<void> {
    if (overOrNull(await this.lookUp()) === null) return;
    throw new StreamError(STREAM_CLOSED, 'the job is over and the stream did not say so');
  }

  /** After several failures in a row the stream may be what fails, and not the job. */
  private async *askAfterFailures(): AsyncGenerator<FollowedEvent, boolean> {
    const often = this.options.failuresBeforeLookup ?? FAILURES_BEFORE_LOOKUP_DEFAULT;
    if (this.failures % often !== 0) return false;
    try {
      return yield* this.doneIfOver();
    } catch (error) {
      yield clientEvent({ type: 'error', fatal: true, ...describeStreamError(error) });
      return true;
    }
  }

  /** The server says that all was read: so it was, by somebody whose cursor we were given. */
  private async *ending(): AsyncGenerator<FollowedEvent, void> {
    for (let attempt = 1; !this.aborted; attempt += 1) {
      try {
        if (yield* this.doneIfOver()) return;
      } catch (error) {
        yield clientEvent({ type: 'error', fatal: true, ...describeStreamError(error) });
        return;
      }
      await sleepUnlessAborted(this.delayMs(attempt), this.options.signal);
    }
  }

  private async *doneIfOver(): AsyncGenerator<FollowedEvent, boolean> {
    const job = overOrNull(await this.lookUp());
    if (job === null) return false;
    // The last event of a log is `done`, which is given here.
    const lastBeforeDone = job.lastOffset - 1;
    if (lastBeforeDone > this.cursor.offset) yield missing(this.cursor.offset + 1, lastBeforeDone);
    yield clientEvent({ type: 'done', status: job.status, message: lastWords(job) });
    return true;
  }

  private lookUp(): ReturnType<typeof lookUpJob> {
    return lookUpJob(this.addresses.job, this.requests);
  }

  private get aborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  private pauseMs(error: unknown): number {
    const asked = error instanceof AnswerError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(this.delayMs(this.failures), Math.min(asked, RECONNECT_DELAY_MS_MAX));
  }

  private delayMs(failures: number): number {
    const chosen = this.options.reconnectDelayMs?.(failures, this.retryMs);
    return chosen ?? reconnectDelayMs(failures, this.retryMs, Math.random());
  }
}

function missing(from: number, to: number): FollowedEvent {
  return clientEvent({
    type: 'error',
    fatal: false,
    error_code: EVENTS_MISSING,
    message: `events ${from} to ${to} never arrived`,
    details: { from, to },
  });
}
