import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { answerErrorOf, AnswerError, type Requests } from './requests.js';
import { STREAM_CLOSED, STREAM_TIMEOUT, StreamError } from './stream-errors.js';

/** Most characters of one event: a snapshot of a job with many artifacts is far smaller. */
const EVENT_CHARACTERS_MAX = 4_000_000;

export interface MessageStreamOptions extends Requests {
  readonly url: string;
  /** Sent as `Last-Event-ID` when it is not 0. */
  readonly lastEventId: number;
  readonly silenceMs: number;
  readonly onRetry: (retryMs: number) => void;
}

/** What one read of the body brought; a heartbeat brings an empty list. */
export type Messages = readonly EventSourceMessage[];

/**
 * Opens a stream once and gives its messages as they come. Ends without an error only for 204: all was read before.
 * @throws whatever ended it: {@link AnswerError} for an answer that is no stream, {@link StreamError} for silence and for
 *   a body that simply ends, errors of the HTTP client as they are.
 */
export async function* openMessageStream(options: MessageStreamOptions): AsyncGenerator<Messages, void> {
  const silence = new SilenceWatch(options.silenceMs, options.signal);
  try {
    const response = await silence.guard(request(options, silence.signal));
    if (response.status === 204) return;
    const body = await bodyOf(response);
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const messages = new MessageBuffer(options.onRetry);
    for (;;) {
      const { done, value } = await silence.guard(reader.read());
      if (done) break;
      yield messages.feed(decoder.decode(value, { stream: true }));
    }
    throw new StreamError(STREAM_CLOSED, 'the body ended before the job was done');
  } finally {
    silence.release();
  }
}

function request(options: MessageStreamOptions, signal: AbortSignal): Promise<Response> {
  const cursor = options.lastEventId > 0 ? { 'last-event-id': String(options.lastEventId) } : undefined;
  return options.fetch(options.url, {
    headers: { accept: 'text/event-stream', ...options.headers, ...cursor },
    signal,
  });
}

async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  if (response.status !== 200) throw await answerErrorOf(response);
  const type = response.headers.get('content-type') ?? 'no type';
  if (!type.startsWith('text/event-stream') || response.body === null) {
    throw new AnswerError('NOT_A_STREAM', `the server answered ${type} instead of an event stream`, response);
  }
  return response.body;
}

/** Turns pieces of text into messages. */
class MessageBuffer {
  private found: EventSourceMessage[] = [];
  private readonly parser;

  constructor(onRetry: (retryMs: number) => void) {
    this.parser = createParser({
      onEvent: (message) => this.found.push(message),
      onRetry,
      onError: (error) => {
        // Unknown fields are to be ignored; a message without end is not.
        if (error.type === 'max-buffer-size-exceeded') throw error;
      },
      maxBufferSize: EVENT_CHARACTERS_MAX,
    });
  }

  feed(text: string): Messages {
    this.parser.feed(text);
    const messages = this.found;
    this.found = [];
    return messages;
  }
}

function silenceError(silenceMs: number): StreamError {
  return new StreamError(STREAM_TIMEOUT, `nothing came for ${silenceMs} ms`, { silenceMs });
}

/** Ends a connection on which nothing comes, and with it on a signal from outside. */
class SilenceWatch {
  private readonly controller = new AbortController();
  private readonly abort = (): void => this.controller.abort(this.outside?.reason);

  constructor(
    private readonly silenceMs: number,
    private readonly outside: AbortSignal | undefined,
  ) {
    if (outside?.aborted === true) this.abort();
    outside?.addEventListener('abort', this.abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for the next piece. Rejects by itself: not every HTTP client ends a read when it is told to. */
  async guard<Result>(piece: Promise<Result>): Promise<Result> {
    const { signal } = this.controller;
    const timer = setTimeout(() => this.controller.abort(silenceError(this.silenceMs)), this.silenceMs);
    let onAbort = (): void => undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
    // The piece loses when the connection is ended, and then rejects with nobody waiting.
    piece.catch(() => undefined);
    try {
      return await Promise.race([piece, ended]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Closes the connection, however it went. */
  release(): void {
    this.outside?.removeEventListener('abort', this.abort);
    this.controller.abort();
  }
}
