import type { ServerResponse } from 'node:http';
import type { StreamFacts } from './stream-facts.js';

/**
 * One client of a stream. Its queue is its cursor: events wait in the shared window until the connection takes them,
 * so that a client that does not read costs no memory.
 */
export class StreamClient {
  private readonly cameAtPoll: number;
  private blockedAtMs: number | null = null;
  private readonly onDrain = (): void => {
    this.blockedAtMs = null;
    this.pump();
  };

  /**
   * @param cursor place of the last frame that the client has seen
   */
  constructor(
    private readonly response: ServerResponse,
    private readonly facts: StreamFacts,
    private cursor: number,
    private readonly nowMs: () => number,
  ) {
    this.cameAtPoll = facts.polls;
    response.on('drain', this.onDrain);
  }

  /** Sends what the client has not seen yet, as far as the connection takes it. */
  pump(): void {
    const { window } = this.facts;
    while (this.open) {
      const recovery = this.facts.recover({ cursor: this.cursor, cameAtPoll: this.cameAtPoll });
      if (recovery !== null) {
        this.cursor = recovery.cursor;
        this.write(recovery.frame);
        continue;
      }
      const frame = window.frameAt(this.cursor + 1);
      if (frame === undefined) break;
      this.cursor += 1;
      this.write(frame);
    }
    if (this.open && this.facts.over && this.cursor >= window.last) this.end();
  }

  /** Tells what is not part of the log. A client that does not read misses it. */
  tell(frame: string): void {
    if (this.open) this.write(frame);
  }

  /** The comment that keeps the connection alive; ends a client that has taken nothing for too long. */
  beat(comment: string, blockedMsMax: number): void {
    if (this.blockedAtMs !== null && this.nowMs() - this.blockedAtMs >= blockedMsMax) this.drop();
    else this.tell(comment);
  }

  /** Ends the stream in an orderly way without a last word: the client comes again. */
  close(): void {
    if (!this.response.writableEnded) this.response.end();
  }

  drop(): void {
    this.response.destroy();
  }

  private get open(): boolean {
    return this.blockedAtMs === null && !this.response.writableEnded && !this.response.destroyed;
  }

  private write(frame: string): void {
    if (!this.response.write(frame)) this.blockedAtMs = this.nowMs();
  }

  private end(): void {
    if (this.facts.farewell !== '') this.response.write(this.facts.farewell);
    this.close();
  }
}
