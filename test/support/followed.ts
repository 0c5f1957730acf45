import { followJob, type FollowedEvent, type FollowOptions } from '../../client/follow/index.js';

/** Follows a job in the background and keeps all that comes. */
export class Followed {
  readonly events: FollowedEvent[] = [];
  readonly ended: Promise<void>;
  private readonly controller = new AbortController();

  constructor(url: string, options: FollowOptions = {}) {
    this.ended = this.run(url, options);
  }

  get offsets(): number[] {
    return this.events.map(({ offset }) => offset).filter((offset) => offset !== null);
  }

  /** Codes of the errors that this side found out. */
  get codes(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'error' && event.origin === 'client' ? [event.error_code] : [],
    );
  }

  get last(): FollowedEvent | undefined {
    return this.events.at(-1);
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.ended;
  }

  private async run(url: string, options: FollowOptions): Promise<void> {
    for await (const event of followJob(url, { ...options, signal: this.controller.signal }))
      this.events.push(event);
  }
}

/** The offsets of a log that was seen whole. */
export function wholeLog(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
