import { WINDOW_CHARACTERS_MAX, WINDOW_FRAMES_MAX } from './limits.js';

export interface WindowLimits {
  readonly frames: number;
  readonly characters: number;
}

const LIMITS: WindowLimits = { frames: WINDOW_FRAMES_MAX, characters: WINDOW_CHARACTERS_MAX };

/** The newest frames of a stream by their place in it, each a text that any number of clients shares. */
export class FrameWindow {
  private frames: string[] = [];
  private characters = 0;
  private firstKept = 1;

  constructor(private readonly limits: WindowLimits = LIMITS) {}

  /** Place of the oldest frame; one above `last` when there is none. */
  get first(): number {
    return this.firstKept;
  }

  /** Place of the newest frame; 0 before there is any. */
  get last(): number {
    return this.firstKept + this.frames.length - 1;
  }

  frameAt(place: number): string | undefined {
    return this.frames[place - this.firstKept];
  }

  push(frame: string): void {
    this.frames.push(frame);
    this.characters += frame.length;
    this.dropOldest();
  }

  /** Forgets all; the next frame has this place. */
  startAt(place: number): void {
    this.frames = [];
    this.characters = 0;
    this.firstKept = place;
  }

  private dropOldest(): void {
    while (this.frames.length > 1 && this.tooMuch) {
      this.characters -= this.frames.shift()?.length ?? 0;
      this.firstKept += 1;
    }
  }

  private get tooMuch(): boolean {
    return this.frames.length > this.limits.frames || this.characters > this.limits.characters;
  }
}
