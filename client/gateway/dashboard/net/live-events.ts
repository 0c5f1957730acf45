import { openMessageStream } from '../../../follow/message-stream.js';
import { reconnectDelayMs } from '../../../follow/reconnect-delay.js';
import { AnswerError } from '../../../follow/requests.js';
import { describeStreamError } from '../../../follow/stream-errors.js';
import { parseOffset } from '../../../follow/followed-event.js';
import { SILENCE_MS_DEFAULT } from '../../../follow/options.js';
import { RETRY_MS } from '../../../follow/wire.js';
import type { LiveEvent } from '../../events/event-words.js';
import { gatewayPath } from './paths.js';
import { forgetToken, tokenHeaders } from './token.js';

export interface LiveHandlers {
  onOpen(): void;
  onEvent(event: LiveEvent): void;
  /** The connection is gone; another one is tried. */
  onLost(reason: string): void;
}

/** A page that is looked at is worth more requests than a program: nobody waits longer for a gateway that is back. */
const PAUSE_MS_MAX = 5_000;

/** Follows `/api/events` for as long as the page lives. */
export class LiveEvents {
  private lastEventId = 0;
  private failures = 0;
  private wake: () => void = () => undefined;

  constructor(private readonly handlers: LiveHandlers) {}

  async run(): Promise<never> {
    for (;;) {
      try {
        await this.followOnce();
      } catch (error) {
        this.failures += 1;
        this.handlers.onLost(describeStreamError(error).message);
        await this.pause(error);
      }
    }
  }

  /** Does not wait any longer, e.g. because a token was given or the machine is online again. */
  tryNow(): void {
    this.wake();
  }

  private async followOnce(): Promise<void> {
    const headers = tokenHeaders();
    try {
      const stream = openMessageStream({
        url: gatewayPath('/api/events'),
        fetch: (input, init) => fetch(input, init),
        headers,
        signal: undefined,
        lastEventId: this.lastEventId,
        silenceMs: SILENCE_MS_DEFAULT,
        onRetry: () => undefined,
      });
      let open = false;
      for await (const messages of stream) {
        this.failures = 0;
        if (!open) this.handlers.onOpen();
        open = true;
        for (const { id, data } of messages) this.take(parseOffset(id), data);
      }
    } catch (error) {
      if (error instanceof AnswerError && error.status === 401) forgetToken(headers);
      throw error;
    }
  }

  private take(id: number | null, data: string): void {
    if (id !== null) this.lastEventId = id;
    try {
      this.handlers.onEvent(JSON.parse(data) as LiveEvent);
    } catch {
      // Of a newer gateway than this page: what cannot be read is not shown.
    }
  }

  private async pause(error: unknown): Promise<void> {
    const needsToken = error instanceof AnswerError && error.status === 401;
    const ms = Math.min(reconnectDelayMs(this.failures, RETRY_MS, Math.random()), PAUSE_MS_MAX);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (!needsToken) setTimeout(resolve, ms);
    });
  }
}
