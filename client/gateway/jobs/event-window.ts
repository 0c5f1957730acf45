import type { JobEvent } from '../../../core/jobs/events.js';
import { frameOf, wireBodyOf } from '../../follow/wire.js';
import { FrameWindow } from '../streams/frame-window.js';

/** The newest events of a job, in the words of the wire; their places are their offsets. */
export class EventWindow extends FrameWindow {
  private endsWithDone = false;

  /** The newest event is the last word of its job. */
  get closed(): boolean {
    return this.endsWithDone;
  }

  /** Adds what a read brought. Repetitions are passed over; after a hole only what follows it is kept. */
  add(events: readonly JobEvent[]): void {
    for (const event of events) {
      if (event.offset <= this.last) continue;
      this.skipTo(event.offset);
      this.push(frameOf(event.offset, wireBodyOf(event)));
      this.endsWithDone = event.body.type === 'done';
    }
  }

  /** Moves on to where the log of the job now begins. */
  skipTo(first: number): void {
    if (first > this.last + 1) this.startAt(first);
  }

  override startAt(offset: number): void {
    super.startAt(offset);
    this.endsWithDone = false;
  }
}
