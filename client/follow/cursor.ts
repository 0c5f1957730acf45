import type { FollowedEvent } from './followed-event.js';
import { StreamError } from './stream-errors.js';

/** Something between us and the server keeps events back. */
export const EVENTS_MISSING = 'EVENTS_MISSING';

/** What to do with an event that came. */
export type Taken = 'give' | 'skip';

/** How far a job was followed: offsets have no holes, so that a repetition and a loss are both seen. */
export class Cursor {
  private holeSeen: number | null = null;

  constructor(private last: number) {}

  get offset(): number {
    return this.last;
  }

  /**
   * Takes note of an event.
   * @throws {StreamError} when events before it are missing and have not been asked for again.
   */
  take(event: FollowedEvent): Taken {
    const { offset } = event;
    if (offset === null) return 'give';
    if (event.type !== 'reset') {
      if (offset <= this.last) return 'skip';
      if (offset > this.last + 1) this.refuseHole(offset);
    }
    this.last = offset;
    return 'give';
  }

  /** A hole is asked for again, once: what then still lacks is lost on the way, each time. */
  private refuseHole(offset: number): void {
    if (this.holeSeen === this.last) return;
    this.holeSeen = this.last;
    throw new StreamError(
      EVENTS_MISSING,
      `events ${this.last + 1} to ${offset - 1} did not arrive; asking for them again`,
      { from: this.last + 1, to: offset - 1 },
    );
  }
}
