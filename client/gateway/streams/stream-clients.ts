import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { HEARTBEAT_MS } from '../../follow/wire.js';
import { BLOCKED_MS_MAX, STREAMS_MAX } from './limits.js';
import { openEventStream } from './open-event-stream.js';
import { StreamClient } from './stream-client.js';
import type { StreamFacts } from './stream-facts.js';

export interface StreamOptions {
  /** Between two comments on each stream. */
  readonly heartbeatMs: number;
  /** A client that takes nothing for this long is dropped. */
  readonly blockedMsMax: number;
  readonly streamsMax: number;
}

const OPTIONS: StreamOptions = {
  heartbeatMs: HEARTBEAT_MS,
  blockedMsMax: BLOCKED_MS_MAX,
  streamsMax: STREAMS_MAX,
};

const HEARTBEAT = ': heartbeat\n\n';

/** What a stream begins with. */
export interface Opening {
  readonly facts: StreamFacts;
  /** Place of the last frame that the client has seen. */
  readonly cursor: number;
  /** Sent before any frame; may be empty. */
  readonly greeting: string;
}

/** The open streams of one kind: their heartbeats, their number and their end. */
export class StreamClients {
  private readonly clients = new Set<StreamClient>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly options: StreamOptions;
  private over = false;

  constructor(
    private readonly nowMs: () => number,
    options: Partial<StreamOptions> = {},
  ) {
    this.options = { ...OPTIONS, ...options };
    this.heartbeat = setInterval(() => this.beat(), this.options.heartbeatMs).unref();
  }

  get count(): number {
    return this.clients.size;
  }

  /** No stream may be added. */
  get full(): boolean {
    return this.over || this.clients.size >= this.options.streamsMax;
  }

  /**
   * Makes a response a stream. Nothing is sent beyond its headers until it is pumped.
   * @param headers sent with those of an event stream
   * @param onGone called once, when the connection is no more
   */
  add(
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
    { facts, cursor, greeting }: Opening,
    onGone: (client: StreamClient) => void,
  ): StreamClient {
    openEventStream(response, headers);
    const client = new StreamClient(response, facts, cursor, this.nowMs);
    this.clients.add(client);
    const forget = (): void => {
      this.clients.delete(client);
      onGone(client);
    };
    // Whoever went while we looked for an answer will not go a second time.
    if (response.closed) queueMicrotask(forget);
    else response.once('close', forget);
    if (greeting !== '') client.tell(greeting);
    // The process may have begun to close since the request was decided upon.
    if (this.over) client.close();
    return client;
  }

  /** Ends all streams in an orderly way; their clients come again, here or elsewhere. */
  close(): void {
    this.over = true;
    clearInterval(this.heartbeat);
    for (const client of this.clients) client.close();
  }

  private beat(): void {
    for (const client of this.clients) client.beat(HEARTBEAT, this.options.blockedMsMax);
  }
}
